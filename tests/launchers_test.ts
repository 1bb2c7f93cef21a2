import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installAll, installRunPackages, TEST_PACKAGES } from "../lib/build/run_packages.ts";
import { testCluster } from "../lib/testing/database/postgres.ts";
import { testUnless } from "../lib/testing/programs.ts";
import { build, root, startServer, waitFor } from "../lib/testing/server_process.ts";

await build();
await testCluster();
// Not in /dev/shm: Deno gives access to folders in /dev only with all permissions.
const folder = await Deno.makeTempDir({ prefix: "wick launchers ", dir: "/tmp" });
await Deno.chmod(folder, 0o755);
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

const UNREACHABLE = "http://127.0.0.1:9";
const env = {
  DATA_DIR: folder,
  BINANCE_URLS: UNREACHABLE,
  COINGECKO_URL: UNREACHABLE,
  DATABASE_URL: "",
  PGHOST: "",
};

/** Runs a program of the project's folder and returns its result. */
async function run(args: readonly string[], change: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: root,
    env: { NO_COLOR: "1", LOG_LEVEL: "error", ...env, ...change },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: decode(stdout) + decode(stderr) };
}

const FAILURES: readonly [Record<string, string>, RegExp][] = [
  [{ HOST: "wick.invalid" }, /^Cannot listen on wick\.invalid:\d+: .*set HOST/],
  [{ HOST: "203.0.113.7" }, /^Cannot listen on 203\.0\.113\.7:\d+: .*set HOST/],
  [
    { DATA_DIR: "/dev/null" },
    /^Cannot create the folder \/dev\/null: a file has this name; set DATA_DIR/,
  ],
  [
    { DATA_DIR: "/dev/null", KV_PATH: join(folder, "kv") },
    /^Cannot create the folder \/dev\/null: a file has this name; set DATA_DIR/,
  ],
  [{ DATA_DIR: "/dev/null/x" }, /^Cannot create .*: a part of the path is a file; set DATA_DIR/],
];

for (const [change, message] of FAILURES) {
  const [[name, value]] = Object.entries(change) as [[string, string]];
  Deno.test(`start and dev with ${name}=${value} print the reason in one line and exit with 1`, async () => {
    for (const program of ["serve.ts", "dev.ts"]) {
      const { code, text } = await run([program], { PORT: "8000", ...change });
      assert.match(text, message, program);
      assert.equal(text.trim().split("\n").length, 1, text);
      assert.equal(code, 1);
    }
  });
}

Deno.test("dev on a port in use prints the reason in one line and exits with 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { code, text } = await run(["dev.ts"], { PORT: String(port) });
  assert.equal(
    text,
    `Cannot listen on 127.0.0.1:${port}: the port is in use by another program; set PORT\n`,
  );
  assert.equal(code, 1);
});

Deno.test("the first step of every task succeeds with the permissions that deno.json gives it", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "install"],
    cwd: root,
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
});

Deno.test("every command prints the version of deno.json for --version, and opens nothing", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const commands = ["collect", "export", "import", "migrate", "status", "upgrade", "verify"];
  const programs = ["serve.ts", "dev.ts", "demo.ts", "deploy.ts", "main.ts"].map((name) => [name]);
  for (const args of [...programs, ...commands.map((name) => ["main.ts", name])]) {
    // No command could run with these settings.
    const broken = { DATA_DIR: "/dev/null", PORT: "none" };
    const { code, text } = await run([...args, "--version"], broken);
    assert.equal(text, `wick ${version}\n`, args.join(" "));
    assert.equal(code, 0);
  }
});

/** Runs a server until `test` has checked its output. */
async function withServer(
  args: readonly string[],
  change: Record<string, string>,
  test: (url: string, printed: string) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...args],
    cwd: root,
    env: { NO_COLOR: "1", PORT: "0", ...env, ...change },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let printed = "";
  const drained = child.stdout.pipeThrough(new TextDecoderStream() as TransformStream)
    .pipeTo(new WritableStream({ write: (text: string) => void (printed += text) }));
  try {
    await test(
      await waitFor(() => /(?:wick is at|Local:) +(http\S+)/.exec(printed)?.[1], 60_000),
      printed,
    );
  } finally {
    child.kill("SIGTERM");
    await Promise.all([child.status, drained]);
  }
}

/** The reason why IPv6 cannot be tried here; undefined where it can. */
function describeIpv6(): string | undefined {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return undefined;
  } catch {
    return "this machine has no IPv6 address ::1";
  }
}

testUnless(
  describeIpv6(),
  "start on ::1 prints a URL that can be opened",
  () =>
    withServer(["serve.ts"], { HOST: "::1" }, async (url) => {
      assert.match(url, /^http:\/\/\[::1\]:\d+\/charts$/);
      await (await fetch(url)).body?.cancel();
    }),
);

Deno.test("demo keeps its data in a folder of DATA_DIR, separate from collected data", async () => {
  await withServer(["demo.ts"], { DATA_DIR: join(folder, "mine") }, async (url, printed) => {
    assert.match(printed, new RegExp(`^Simulated data are stored in ${folder}/mine/demo$`, "m"));
    await waitFor(async () => {
      const response = await fetch(url);
      await response.body?.cancel();
      return response.status === 200;
    }, 60_000);
    const entries = [...Deno.readDirSync(join(folder, "mine"))].map(({ name }) => name);
    assert.deepEqual(entries, ["demo"]);
    assert.ok(Deno.statSync(join(folder, "mine", "demo", "kv.sqlite3")).isFile);
  });
});

Deno.test("pages whose requests wait for a place cause no warning of Deno", async () => {
  const server = await startServer({ ...env, LOG_LEVEL: "error" });
  const response = await fetch(`${server.url}/status`);
  await response.text();
  await server.kill("SIGTERM");
  assert.equal(response.status, 200);
  assert.doesNotMatch(server.output(), /Deno\.serve/);
});

Deno.test("dev serves its pages with the reload script", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  const settings = { DATA_DIR: join(folder, "dev"), PORT: String(port) };
  await withServer(["dev.ts"], settings, async (url) => {
    const response = await fetch(new URL("/docs", url));
    const html = await response.text();
    assert.equal(response.status, 200, html.slice(0, 300));
    assert.match(html, /<script[^>]*>import "[^"]+reload[^"]*";<\/script>/);
    const policy = response.headers.get("content-security-policy")!;
    assert.equal(policy.match(/'sha256-/g)?.length, html.match(/<script/g)?.length);
  });
});

Deno.test("demo with an argument that the simulator rejects prints no stack trace", async () => {
  const { code, text } = await run(["demo.ts", "--no-such-flag"], {});
  assert.equal(code, 2);
  assert.doesNotMatch(text, /^ +at /m);
  assert.match(text, /no-such-flag/);
});

Deno.test("an install for running omits the packages of the tests, and keeps the lock file", async () => {
  const project = join(folder, "project");
  await Deno.mkdir(project);
  for (const file of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(join(root, file), join(project, file));
  }
  await Deno.symlink(join(root, "packages"), join(project, "packages"));
  assert.equal(await installRunPackages(pathToFileURL(`${project}/`)), 0);
  const { imports } = JSON.parse(await Deno.readTextFile(join(project, "deno.json")));
  const packages = Object.keys(imports).filter((name) => imports[name].startsWith("npm:"));
  const isInstalled = (name: string) =>
    Deno.stat(join(project, "node_modules", name)).then(() => true, () => false);
  for (const name of packages) {
    assert.equal(await isInstalled(name), !TEST_PACKAGES.includes(name), name);
  }
  const [before, after] = await Promise.all(
    [root, project].map((path) => Deno.readTextFile(join(path, "deno.lock"))),
  );
  assert.equal(after, before);

  // Tests may be running in another terminal, so their packages stay once installed.
  assert.equal(await installAll(pathToFileURL(`${project}/`)), 0);
  assert.equal(await installRunPackages(pathToFileURL(`${project}/`)), 0);
  for (const name of TEST_PACKAGES) assert.ok(await isInstalled(name), `${name} is gone`);
  const left = [...Deno.readDirSync(project)].map(({ name }) => name).toSorted();
  assert.deepEqual(left, ["deno.json", "deno.lock", "node_modules", "packages"]);
});

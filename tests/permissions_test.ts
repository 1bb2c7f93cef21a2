import assert from "node:assert/strict";
import { join } from "node:path";
import { parseConfig } from "../lib/config.ts";
import { permissionFlags, permissionsOf } from "../lib/launch/permissions.ts";
import { clusterPermissions } from "../lib/launch/places.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { build, launch, root, startServer, waitFor } from "../lib/testing/server_process.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";

await build();
const { url: databaseUrl, close } = await createTestDatabase({ isMigrated: false });
const simulator = await startSimulator({ since: Date.UTC(2026, 0, 1) });
// Not in /dev/shm: Deno gives access to folders in /dev only with all permissions.
const folder = await Deno.makeTempDir({ prefix: "wick-least-", dir: "/tmp" });
await Deno.chmod(folder, 0o755);
Deno.test.afterAll(async () => {
  await simulator.close();
  await close();
  await Deno.remove(folder, { recursive: true });
});

const env = {
  DATABASE_URL: databaseUrl,
  DATA_DIR: join(folder, "data"),
  SYMBOLS: "BTCUSDT,ETHUSDT",
  INTERVALS: "1h",
  BINANCE_URLS: simulator.url,
  BINANCE_STREAM_URL: simulator.url.replace("http", "ws"),
  ARCHIVE_URL: simulator.url,
  COINGECKO_URL: simulator.url,
};
const { tasks } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
/** Permissions of the launcher in deno.json. */
const LAUNCHER = /^deno run ((?:--\S+ )+)launch\.ts serve\.ts$/.exec(tasks.start.command)![1]!
  .trim().split(" ");

/** The flags of docs/security.md, with this test's hosts and folders inserted. */
async function documentedFlags(): Promise<string[]> {
  const text = await Deno.readTextFile(join(root, "docs/security.md"));
  const [, command = ""] = /^deno run ([^`]*?)serve\.ts$/ms.exec(text) ?? [];
  const hosts = ["127.0.0.1:0", new URL(databaseUrl).host, new URL(simulator.url).host].join();
  return command.replaceAll("\\\n", " ").trim().split(/\s+/).map((flag) =>
    flag.replace("LISTEN,DATABASE,EXCHANGE", hosts).replace("APP", root).replace(
      "DATA",
      env.DATA_DIR,
    )
  );
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/** All kinds of work of a server. */
async function exercise(url: string): Promise<void> {
  const series = "symbol=BTCUSDT&interval=1h";
  await waitFor(async () => {
    const response = await fetch(`${url}/api/series`);
    const { series = [] } = await response.json();
    return series.length === 2 && series.every(({ rows }: { rows: number }) => rows > 7_000);
  }, 60_000);
  const paths = ["/charts", "/markets", "/status", "/docs", "/readyz", "/metrics", "/openapi.json"];
  const exports = ["csv", "ndjson", "json", "binance", "parquet"].map((format) =>
    `/export?${series}&format=${format}`
  );
  const archive = `/export?symbol=BTCUSDT,ETHUSDT&interval=1h&archive=zip&checksum=1`;
  const klines = "/api/v3/klines?symbol=BTCUSDT&interval=1h";
  for (const path of [...paths, ...exports, archive, klines, `/api/candles?${series}`]) {
    assert.equal(await statusOf(url + path), 200, path);
  }
  const live = await fetch(`${url}/api/live?${series}`);
  const reader = live.body!.pipeThrough(new TextDecoderStream() as TransformStream).getReader();
  let events = "";
  while (!events.includes("event: tick")) events += (await reader.read()).value;
  await reader.cancel();
}

Deno.test("a server with an external database works with the documented flags", async () => {
  await Deno.mkdir(env.DATA_DIR);
  const log = join(env.DATA_DIR, "wick.log");
  const spans: string[] = [];
  const collector = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    spans.push(new URL(request.url).pathname);
    return new Response();
  });
  const telemetry = {
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.addr.port}`,
    OTEL_BSP_SCHEDULE_DELAY: "100",
  };
  const server = await startServer({ ...env, ...telemetry, LOG_FILE: log }, [], {
    permissions: await documentedFlags(),
  });
  try {
    await exercise(server.url);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(metrics, /^process_resident_memory_bytes [1-9]/m);
    assert.doesNotMatch(
      metrics,
      /^process_(open_fds|max_fds|heap_bytes|virtual_memory_bytes) /m,
      "no figure that cannot be read",
    );
    await waitFor(() => spans.includes("/v1/traces"));
    assert.match(await Deno.readTextFile(log), /Finished collect/);
  } finally {
    const { code } = await server.kill("SIGTERM");
    await collector.shutdown();
    assert.doesNotMatch(server.output(), /NotCapable|Requires \w+ access/);
    assert.equal(code, 0);
  }
});

for (const kind of ["a database of the operator's", "the embedded database"]) {
  Deno.test(`the task start works on ${kind}, and exits with its program's exit code`, async () => {
    const own = kind.startsWith("the")
      ? { DATABASE_URL: "", DATA_DIR: join(folder, "embedded") }
      : {};
    const server = await startServer({ ...env, ...own }, [], {
      permissions: LAUNCHER,
      args: ["launch.ts", "serve.ts"],
    });
    await exercise(server.url);
    const { code, ms } = await server.kill("SIGTERM");
    assert.doesNotMatch(server.output(), /NotCapable|Requires \w+ access/);
    assert.equal(code, 0);
    assert.ok(ms < 5_000, `${ms} ms`);
  });
}

const ATTEMPTS: readonly [string, string][] = [
  ["a read of /etc/passwd", `await Deno.readTextFile("/etc/passwd")`],
  ["a read of another process", `await Deno.readTextFile("/proc/1/environ")`],
  ["a write beside DATA_DIR", `await Deno.writeTextFile("${folder}/other", "x")`],
  ["a write to the app", `await Deno.writeTextFile("${root}/serve.ts", "x")`],
  ["a program", `await new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output()`],
  ["a connection elsewhere", `await Deno.connect({ hostname: "127.0.0.1", port: 9 })`],
  ["a request elsewhere", `await fetch("http://169.254.169.254/latest/meta-data")`],
  ["a foreign library", `Deno.dlopen("/lib/libc.so.6", {})`],
];

Deno.test("these flags deny everything else", async () => {
  const config = parseConfig(env);
  const places = { app: root, home: undefined, cluster: clusterPermissions };
  const computed = permissionFlags(permissionsOf({ name: "serve.ts", args: [] }, config, places));
  const probe = join(folder, "probe.ts");
  for (const [what, code] of ATTEMPTS) {
    await Deno.writeTextFile(probe, `${code};`);
    for (const permissions of [computed, await documentedFlags()]) {
      const child = launch({
        env: {},
        permissions: [...permissions, "--no-config"],
        args: [probe],
      });
      assert.equal(await child.ended, 1, what);
      assert.match(child.output(), /NotCapable: Requires \w+ access/, what);
    }
  }
});

const COMMANDS: readonly (readonly string[])[] = [
  ["migrate"],
  ["collect", "--symbol", "BTCUSDT", "--interval", "1h", "--csv", `${folder}/collected.csv`],
  ["export", "--symbol", "BTCUSDT", "--interval", "1h", "--out", `${folder}/out/exported.csv`],
  ["import", `${folder}/out/exported.csv`, "--symbol", "BTCUSDT", "--interval", "1h"],
  ["verify", "--symbol", "BTCUSDT"],
  ["status"],
];

Deno.test("every command works with the permissions of its task, including files outside DATA_DIR", async () => {
  await Deno.mkdir(join(folder, "out"));
  for (const args of COMMANDS) {
    const task = tasks[args[0]!].command;
    const [, flags] = /^deno run ((?:--\S+ )+)launch\.ts main\.ts \w+$/.exec(task)!;
    const child = launch({
      env,
      permissions: flags!.trim().split(" "),
      args: ["launch.ts", "main.ts", ...args],
    });
    assert.equal(await child.ended, 0, `${args.join(" ")}: ${child.output()}`);
  }
  const [collected, exported] = await Promise.all(
    ["collected.csv", "out/exported.csv"].map((path) => Deno.readTextFile(join(folder, path))),
  );
  assert.equal(collected, exported);
});

Deno.test("only tests, benchmarks and long runs have all permissions", () => {
  const unlimited = Object.entries<{ command: string }>(tasks)
    .filter(([, { command }]) => /deno run (\S+ )*(-A|--allow-all)\b/.test(command))
    .map(([name]) => name);
  const allowed = ["test", "bench", "soak", "chaos", "screenshots"];
  assert.deepEqual(unlimited.filter((name) => !allowed.includes(name)), []);
  assert.doesNotMatch(Deno.readTextFileSync(join(root, "Dockerfile")), /"(-A|--allow-all)"/);
});

Deno.test("the permissions name the hosts, sockets and files of the configuration", () => {
  const config = parseConfig({
    DATABASE_URL: "postgresql://wick@db1:5433,[::1]/wick?passfile=" +
      join(root, "LICENSE"),
    DATABASE_READ_URL: "postgresql://wick@%2Frun%2Fpostgresql/wick",
    BINANCE_URLS: "https://data-api.binance.vision,http://[::1]:81",
    ARCHIVE_URL: "off",
    BINANCE_STREAM_URL: "wss://stream.example",
    WEBHOOK_URL: "https://hooks.example/a,b",
    HOST: "::",
    DATA_DIR: "/srv/a,b",
    LOG_FILE: "/var/log/wick/wick.log",
  });
  const places = { app: "/app", home: "/home/w", cluster: clusterPermissions };
  const serve = permissionsOf({ name: "serve.ts", args: [] }, config, places);
  const socket = "/run/postgresql/.s.PGSQL.5432";
  assert.deepEqual(serve.net.toSorted(), [
    "[::1]:5432",
    "[::1]:81",
    "[::]:8000",
    "api.coingecko.com:443",
    "data-api.binance.vision:443",
    "db1:5433",
    "hooks.example:443",
    "stream.example:443",
    `unix:${socket}`,
  ]);
  assert.ok(serve.read.includes(join(root, "LICENSE")) && serve.read.includes("/home/w/.pgpass"));
  assert.deepEqual(serve.write, ["/srv/a,b", "/var/log/wick", socket]);
  assert.deepEqual(serve.run, []);
  assert.ok(permissionFlags(serve).includes(`--allow-write=/srv,/var/log/wick,${socket}`));
  const migrate = permissionsOf({ name: "main.ts", args: ["migrate"] }, config, places);
  assert.deepEqual(migrate.net.toSorted(), ["[::1]:5432", "db1:5433", `unix:${socket}`]);
});

Deno.test("deno task plan takes lists of symbols and intervals", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "plan", "--symbol", "BTCUSDT,ETHUSDT", "--interval", "1h,1d", "--json"],
    cwd: root,
    env: { ...env, LOG_LEVEL: "error" },
    stderr: "null",
  }).output();
  assert.equal(code, 0);
  assert.equal(JSON.parse(new TextDecoder().decode(stdout)).series, 4);
});

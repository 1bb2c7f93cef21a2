import assert from "node:assert/strict";
import { join } from "node:path";
import { findProgram, type Program } from "./programs.ts";
import { root } from "./server_process.ts";

const folder = await Deno.makeTempDir({ prefix: "wick programs " });
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** Puts an executable on PATH during the lifetime of the result. */
async function install(name: string, script: string): Promise<Disposable> {
  await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const before = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", `${folder}:${before}`);
  return { [Symbol.dispose]: () => Deno.env.set("PATH", before) };
}

const program = (...commands: string[]): Program => ({
  name: "A program",
  commands,
  probe: ["--version"],
  packages: ["a-package"],
});

Deno.test("findProgram() finds the first working command on PATH", async () => {
  using _a = await install("wick-broken", "exit 1");
  using _b = await install("wick-works", '[ "$1" = --version ]');
  assert.equal(
    findProgram(program("wick-missing", "wick-broken", "wick-works")),
    join(folder, "wick-works"),
  );
});

Deno.test("findProgram() returns undefined instead of throwing when no program can be run", async () => {
  await Deno.writeTextFile(join(folder, "wick-plain"), "", { mode: 0o644 });
  await Deno.mkdir(join(folder, "wick-folder"));
  using _ = await install("wick-broken", "exit 1");
  const commands = ["wick-missing", "wick-plain", "wick-folder", "wick-broken", "/no/such/program"];
  assert.equal(findProgram(program(...commands)), undefined);
});

/** Runs `deno task test` with an empty PATH on a file with a test in Chromium and one without. */
async function runWithoutPrograms(env: Record<string, string>) {
  const path = join(folder, "some_test.ts");
  await Deno.writeTextFile(
    path,
    `import { browserTest, openBrowser, openPage } from ${
      JSON.stringify(import.meta.resolve("./browser/browser.ts"))
    };
    const browser = await openBrowser();
    Deno.test.afterAll(() => browser.close());
    Deno.test("one plus one", () => {});
    browserTest("a page opens", async () => {
      await using _ = await openPage(browser);
    });`,
  );
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "lib/testing/runner/run_tests.ts", path],
    cwd: root,
    env: { PATH: folder, ...env },
    stderr: "null",
  }).output();
  return { code, lines: new TextDecoder().decode(stdout).trimEnd().split("\n") };
}

const LAST_LINES = [
  "skipped 1: Chromium is not installed; on Debian: apt-get install chromium-headless-shell",
  "  a page opens",
  "tests: 1 passed, 0 failed, 1 skipped",
];

Deno.test("a missing browser skips its tests, with the reason at the end, and the run passes", async () => {
  const { code, lines } = await runWithoutPrograms({ CI: "" });
  assert.deepEqual(lines.slice(-3), LAST_LINES);
  assert.equal(code, 0);
});

Deno.test("with CI=true a skipped test is a failure", async () => {
  const { code, lines } = await runWithoutPrograms({ CI: "true" });
  assert.deepEqual(lines.slice(-4), [
    ...LAST_LINES.slice(0, 2),
    "CI is set, so skipped tests are failures: install the programs named above",
    LAST_LINES[2],
  ]);
  assert.equal(code, 1);
});

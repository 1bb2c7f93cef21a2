import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { composeWick } from "../composition/compose_wick.ts";
import { parseConfig } from "../config.ts";
import { AppError } from "../core/errors.ts";
import { parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { executeTask } from "../testing/command.ts";
import { createTestDatabase, silent, testCluster } from "../testing/database/postgres.ts";
import { makeScratchFolder } from "../testing/scratch_folder.ts";
import { runMain, waitFor } from "../testing/server_process.ts";

await testCluster(); // as root, the account exists then
const root = fileURLToPath(new URL("../..", import.meta.url));
const simulator = await startSimulator({
  now: parseTime("2025-06-15T10:20:30Z"),
  since: parseTime("2025-01-01"),
  frozen: true,
});
const dataDir = await makeScratchFolder("wick-cli-");
Deno.test.afterAll(async () => {
  await simulator.close();
  await Deno.remove(dataDir, { recursive: true });
});

const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url };

/** Runs wick in this process on the cluster of `dataDir`, like a server. */
async function openServer() {
  const wick = await composeWick({
    config: parseConfig(env),
    log: silent,
    isHosted: false,
    migrations: new URL("../../migrations/", import.meta.url),
    plotlyHref: "",
  });
  await wick.services.pingDatabase();
  return wick;
}

Deno.test({
  name: "commands work next to a running wick, several at once, and leave its database running",
  // The pool closes idle connections some time after the last query.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const server = await openServer();
    try {
      const one = (symbol: string) =>
        runMain(["collect", "--symbol", symbol, "--interval", "1h", "--json"], env);
      const results = await Promise.all([
        one("BTCUSDT"),
        one("ETHUSDT"),
        runMain(["status", "--json"], env),
      ]);
      for (const { code, out, err } of results) {
        assert.deepEqual({ code, err }, { code: 0, err: "" });
        assert.doesNotThrow(() => JSON.parse(out), out);
      }
      await server.services.pingDatabase();
      const held = await server.services.reader.coverage();
      assert.deepEqual(held.map(({ symbol, rows }) => [symbol, rows]), [
        ["BTCUSDT", 1000],
        ["ETHUSDT", 1000],
      ]);
      const verified = await runMain(["verify"], env);
      assert.equal(verified.code, 0, verified.err);
      await server.services.pingDatabase();
    } finally {
      await server.close();
    }
    const alone = await runMain(["status"], env);
    assert.deepEqual({ code: alone.code, err: alone.err }, { code: 0, err: "" });
    assert.match(alone.out, /BTCUSDT +1h +1,000 /);
  },
});

Deno.test({
  name: "a stopped command prints one line and exits with 1; its stored candles are complete",
  // The simulator is slow on purpose, and still has responses pending for the stopped command.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    simulator.faults.add({ kind: "slow", delayMs: 300, path: "klines" });
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "main.ts",
        "collect",
        "--symbol",
        "SOLUSDT",
        "--interval",
        "5m",
        "--from",
        "2025-01-01",
      ],
      cwd: root,
      env: { DATABASE_URL: "", PGHOST: "", NO_COLOR: "1", ...env },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await waitFor(() => simulator.requests.list({ path: "klines" }).length > 6, 60_000);
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    simulator.faults.clear();
    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr),
      /^Stopped; candles stored so far are kept[^\n]*\n$/,
    );
  },
});

Deno.test({
  name: "main.ts without arguments lists the commands; an unknown command is invalid usage",
  sanitizeOps: false, // pending responses arrive now
  sanitizeResources: false,
  async fn() {
    const help = await runMain([], env);
    assert.equal(help.code, 0);
    for (const name of ["collect", "export", "import", "status", "verify"]) {
      assert.match(help.out, new RegExp(`^  ${name} +\\w`, "m"));
    }
    const unknown = await runMain(["colect"], env);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /^Unknown command colect: available are [^\n]+\n$/);
    const broken = await runMain(["status"], { ...env, PORT: "x", INTERVALS: "7m" });
    assert.equal(broken.code, 2);
    assert.match(broken.err, /^Cannot read the configuration: PORT: [^\n]+INTERVALS[^\n]+\n$/);
  },
});

Deno.test("every command has help with its exit codes, and rejects unknown flags", async () => {
  const database = await createTestDatabase();
  const task = (...args: string[]) => executeTask({ DATABASE_URL: database.url }, args);
  for (const name of ["collect", "export", "import", "status", "verify"]) {
    const { code, out } = await task(name, "--help");
    assert.equal(code, 0, name);
    assert.match(
      out,
      new RegExp(`^Usage: deno task ${name} [\\s\\S]*--json[\\s\\S]*Exit codes: 0`),
    );
    for (const json of [[], ["--json"]]) {
      const strange = await task(name, "--wat", ...json);
      assert.equal(strange.code, 2, name);
      assert.match(strange.err, /^[^\n]*--wat[^\n]*\n$/);
      if (json.length > 0) assert.equal(JSON.parse(strange.out).error.code, "invalid_input");
      else assert.equal(strange.out, "");
    }
  }
  await database.close();
});

Deno.test("a database that fails on a full disk is reported as such", async () => {
  const dead = () =>
    Promise.reject(new AppError("store_unavailable", "Cannot use the database: Connection lost"));
  const { code, err } = await executeTask(env, ["status"], {
    services: { reader: { coverage: dead } } as never,
    disk: { read: () => Promise.resolve({ folder: "/data", freeBytes: 4096 }) },
  });
  assert.equal(code, 1);
  assert.equal(err, "Cannot use the database: Connection lost; the disk of /data is full\n");
});

import { fileURLToPath } from "node:url";
import { openDatabase } from "../../lib/store/postgres/connection/database.ts";
import { openCluster } from "../../lib/store/cluster/embedded_cluster.ts";
import { compareRows, storedRows } from "../../lib/testing/collector.ts";
import { silent } from "../../lib/testing/database/postgres.ts";
import { runMain } from "../../lib/testing/server_process.ts";
import type { Check } from "../check.ts";
import { type SimulatorProcess, spawnSimulator } from "../simulator_process.ts";

const RUNS = 50;
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const INTERVALS = ["1m", "15m", "1h"];
const COLLECT = ["collect", "--symbol", SYMBOLS.join(), "--interval", INTERVALS.join()];
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Each affects this many of a hundred requests. */
const CHAOS = {
  "500": 0.01,
  "502": 0.01,
  "503": 0.01,
  "-1001": 0.01,
  "-1007": 0.01,
  "-1008": 0.01,
  "reset": 0.02,
  "cut-body": 0.02,
  "slow": 0.02,
  "truncated-json": 0.02,
  "malformed-json": 0.02,
  "eleven-columns": 0.01,
  "number-for-string": 0.01,
  "empty-page": 0.03,
  "short-page": 0.05,
  "duplicate-rows": 0.05,
  "shuffled-rows": 0.05,
};

/**
 * Runs `collect` in a separate process and kills it at random times while the exchange has many
 * faults and its clock runs; finally once without faults.
 */
export async function soakKill(): Promise<Check[]> {
  const simulator = await spawnSimulator(["--now", "2026-06-01T10:20:30Z", "--frozen"]);
  const dataDir = await Deno.makeTempDir({ prefix: "wick-kill-", dir: "/tmp" });
  await Deno.chmod(dataDir, 0o755);
  const env = { DATA_DIR: dataDir, BINANCE_URLS: simulator.url };
  await runMain(COLLECT, env); // creates the database
  await simulator.control("POST", "clock", { advanceMs: 2 * 86_400_000 });
  const started = Date.now();
  await runMain(COLLECT, env);
  const wholeMs = Date.now() - started;
  await simulator.control("POST", "chaos", { rates: CHAOS, seed: 7 });
  for (const kind of ["429", "418"]) {
    await simulator.control("POST", "faults", { kind, probability: 0.01, retryAfterS: 1 });
  }
  let killed = 0;
  for (let run = 0; run < RUNS; run++) {
    await simulator.control("POST", "clock", { advanceMs: 2 * 86_400_000 });
    // The first third of a run is Deno's startup.
    killed += await runAndKill(env, (0.35 + 0.7 * Math.random()) * wholeMs);
  }
  await simulator.control("DELETE", "chaos");
  await simulator.control("DELETE", "faults");
  const faults = (await simulator.requests()).filter(({ fault }) => fault !== undefined).length;
  const { code, out, err } = await runMain(COLLECT, env);
  const { rows, differences } = await compareStore(dataDir, simulator);
  await simulator.stop();
  await Deno.remove(dataDir, { recursive: true });
  return [{
    claim: `after ${RUNS} runs, killed at random, one clean run equals the exchange exactly`,
    isMet: code === 0 && differences === "" && killed > RUNS / 2,
    found: differences || `${rows} rows, ${killed} runs killed, ${faults} requests struck by ` +
        `faults; the clean run: ${out.trim()} ${err.trim()}`,
  }];
}

/** Returns 1 if the run was still in progress. */
async function runAndKill(env: Record<string, string>, afterMs: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", ...COLLECT],
    cwd: ROOT,
    env: { DATABASE_URL: "", PGHOST: "", ...env },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), afterMs);
  const { signal } = await child.status;
  clearTimeout(timer);
  return signal === "SIGKILL" ? 1 : 0;
}

async function compareStore(dataDir: string, simulator: SimulatorProcess) {
  const cluster = await openCluster(dataDir, silent);
  const db = openDatabase({ url: cluster.url, log: silent });
  let rows = 0;
  const differences: string[] = [];
  for (const symbol of SYMBOLS) {
    for (const interval of INTERVALS) {
      const stored = await storedRows(db, { symbol, interval });
      const first = Number(stored[0]![0]);
      const served = await simulator.candles(symbol, interval, first);
      const difference = compareRows(stored, served);
      if (difference !== "") differences.push(`${symbol} ${interval}: ${difference}`);
      rows += stored.length;
    }
  }
  await db.close();
  await cluster.release();
  return { rows, differences: differences.join("; ") };
}

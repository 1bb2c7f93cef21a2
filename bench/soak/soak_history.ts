import { runMain, startServer, waitFor } from "../../lib/testing/server_process.ts";
import { compareRows, storedRows } from "../../lib/testing/collector.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import type { Db } from "../../lib/store/postgres/connection/database.ts";
import { type Check, insideBan, peakWeight } from "../check.ts";
import { type SimulatorProcess, spawnSimulator } from "../simulator_process.ts";

const SYMBOLS = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
const INTERVALS = ["1h", "4h", "1d"] as const;
const BAN_S = 45;
const PATIENCE_MS = 20 * 60_000;

/**
 * Collects the whole history of 30 series since 2017 by two instances of wick on one database and
 * one KV. During a ban in the middle, one instance is killed and started again.
 */
export async function soakHistory(): Promise<Check[]> {
  const simulator = await spawnSimulator([
    "--now",
    "2026-11-20T10:20:30Z",
    "--frozen",
    "--cache-mb",
    "1024",
  ]);
  const { db, url, close } = await createTestDatabase();
  const dataDir = await Deno.makeTempDir({ prefix: "wick-soak-", dir: "/tmp" });
  const env = {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    BINANCE_URLS: simulator.url,
    COINGECKO_URL: simulator.url,
    CRON_COLLECT: "* * * * *",
    CRON_REPAIR: "* * * * *", // so that the other instance takes over
  };
  const servers = [await startServer(env), await startServer(env)];
  const checks: Check[] = [await firstCandles(db, simulator)];

  await waitFor(async () => await countRows(db) > 300_000, PATIENCE_MS);
  const bannedAt = await ban(simulator);
  await servers[0]!.kill("SIGKILL");
  servers[0] = await startServer(env); // during the ban
  const start = Date.now();
  await waitFor(async () => await isComplete(db, simulator), PATIENCE_MS);
  const minutes = (Date.now() - start) / 60_000;
  for (const server of servers) await server.kill("SIGTERM");

  const requests = await simulator.requests();
  checks.push(
    await compareAll(db, simulator),
    checkWeight(requests, minutes),
    checkBan(requests, bannedAt),
    await newlyClosed(db, simulator, env),
  );
  await simulator.stop();
  await close();
  await Deno.remove(dataDir, { recursive: true });
  return checks;
}

/** Bans the instances. Returns when the first of them has received the ban. */
async function ban(simulator: SimulatorProcess): Promise<number> {
  const fault = { kind: "418", count: 1, path: "klines", retryAfterS: BAN_S };
  await simulator.control("POST", "faults", fault);
  const [told] = await waitFor(async () => {
    const banned = await simulator.requests("status=418");
    return banned.length > 0 && banned;
  });
  return told!.at;
}

type Requests = Awaited<ReturnType<SimulatorProcess["requests"]>>;

function checkWeight(requests: Requests, minutes: number): Check {
  const peak = peakWeight(requests);
  return {
    claim: "request weight in any 60 seconds stays below 6000",
    isMet: peak <= 6_000,
    found: `${peak} at most, ${requests.length} requests, ` +
      `${minutes.toFixed(1)} minutes after the ban`,
  };
}

function checkBan(requests: Requests, bannedAt: number): Check {
  const { underWay, late } = insideBan(requests, bannedAt);
  const after = requests.find(({ at }) => at > bannedAt + 1_000);
  return {
    claim: "neither instance sends a request during a ban, despite a kill and a restart",
    isMet: late === 0 && after !== undefined && after.at >= bannedAt + BAN_S * 1000,
    found: `${late} (${underWay} were sent before the ban was received); the next one ` +
      `${((after!.at - bannedAt) / 1000).toFixed(1)} s after a ban of ${BAN_S} s`,
  };
}

async function countRows(db: Db): Promise<number> {
  const [row] = await db.query<{ rows: number }>("select sum(row_count)::int8 as rows from series");
  return row!.rows ?? 0;
}

/** Measured from the first request. */
async function firstCandles(db: Db, simulator: SimulatorProcess): Promise<Check> {
  const full = () =>
    db.query<{ full: number }>("select count(*) as full from series where row_count >= 1000");
  await waitFor(async () => (await full())[0]!.full === 30, 120_000);
  const seconds = (Date.now() - (await simulator.requests())[0]!.at) / 1000;
  return {
    claim: "30 series × 1000 candles within 20 s of the first request",
    isMet: seconds <= 20,
    found: `${seconds.toFixed(1)} s`,
  };
}

async function isComplete(db: Db, simulator: SimulatorProcess): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const [row] = await db.query<{ open: number }>(
    `select (select count(*) from series where first_open_time is distinct from listed_at)
       + (select count(*) from gaps where class = 'pending')
       + (select count(*) from runs where job = 'backfill' and finished_at is null
          and run_id = (select max(run_id) from runs where job = 'backfill')) as open`,
  );
  return row!.open === 0 && (await simulator.requests("last=1")).length > 0;
}

async function compareAll(db: Db, simulator: SimulatorProcess): Promise<Check> {
  const differences: string[] = [];
  let rows = 0;
  for (const symbol of SYMBOLS.map((base) => `${base}USDT`)) {
    for (const interval of INTERVALS) {
      const stored = await storedRows(db, { symbol, interval });
      const difference = compareRows(stored, await simulator.candles(symbol, interval));
      if (difference !== "") differences.push(`${symbol} ${interval}: ${difference}`);
      rows += stored.length;
    }
  }
  const gaps = await db.query<{ class: string; count: number; missing: number }>(
    "select class, count(*), sum(missing)::int8 as missing from gaps group by class",
  );
  return {
    claim: "every candle of 10 symbols × 1h, 4h, 1d since 2017 is stored, digit for digit",
    isMet: differences.length === 0 && rows > 900_000,
    found: differences.join("; ") || `${rows} rows; ` +
        gaps.map((one) => `${one.count} gaps (${one.missing} candles) ${one.class}`).join(", "),
  };
}

async function newlyClosed(
  db: Db,
  simulator: SimulatorProcess,
  env: Record<string, string>,
): Promise<Check> {
  const before = await countRows(db);
  await simulator.control("POST", "clock", { advanceMs: 5 * 3_600_000 });
  const { out, err } = await runMain(["collect"], env);
  const added = await countRows(db) - before;
  const [, said] = /: (\d+) new, 0 corrected/.exec(out) ?? [];
  const { isMet, found } = await compareAll(db, simulator);
  return {
    claim: "five hours later, collect adds exactly the candles that have closed",
    isMet: isMet && added === 10 * (5 + 1) && Number(said) === added,
    found: `${added} rows, ${said} reported (${found}) ${err}`,
  };
}

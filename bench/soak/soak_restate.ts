import { runBackfill, runCollect, runRepair } from "../../lib/collector/jobs.ts";
import type { Series } from "../../lib/core/kline.ts";
import { parseTime } from "../../lib/core/time.ts";
import { type Simulator, startSimulator } from "../../packages/simulator/simulator.ts";
import { type Db, openDatabase } from "../../lib/store/postgres/connection/database.ts";
import { openExportFile } from "../../lib/export/export_file.ts";
import { createKlineExporter } from "../../lib/store/postgres/reading/export_postgres.ts";
import { compareRows, storedRows, testJobs } from "../../lib/testing/collector.ts";
import { createTestDatabase, silent } from "../../lib/testing/database/postgres.ts";
import type { Check } from "../check.ts";

const SYMBOLS = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
const SERIES = SYMBOLS.flatMap((base) =>
  (["1h", "4h", "1d"] as const).map((interval): Series => ({ symbol: `${base}USDT`, interval }))
);
const BTC: Series = { symbol: "BTCUSDT", interval: "1h" };
const GAP = { from: parseTime("2025-03-10T03:00Z"), to: parseTime("2025-03-10T09:00Z") };
const REVISED = parseTime("2026-11-12T10:00Z");

/** Deletes candles by SQL, revises one at the exchange, and runs everything again twice. */
export async function soakRestate(): Promise<Check[]> {
  await using simulator = await startSimulator({
    now: parseTime("2026-11-20T10:20:30Z"),
    frozen: true,
    since: parseTime("2025-01-01"),
  });
  const { db, url, close } = await createTestDatabase();
  const jobs = testJobs(db, [simulator.url], { maxWaitMs: Infinity });
  const signal = AbortSignal.timeout(600_000);
  await runCollect(jobs, SERIES, signal);
  await runBackfill(jobs, SERIES, signal);
  const stage: Stage = { simulator, db, url, jobs, signal };
  const checks = [
    await checkRefill(stage),
    await checkRevision(stage),
    await checkRepetition(stage),
  ];
  await close();
  return checks;
}

interface Stage {
  readonly simulator: Simulator;
  readonly db: Db;
  readonly url: string;
  readonly jobs: ReturnType<typeof testJobs>;
  readonly signal: AbortSignal;
}

async function checkRefill({ simulator, db, jobs, signal }: Stage): Promise<Check> {
  await db.query(
    "delete from klines where interval = '1h' and open_time >= $1 and open_time < $2",
    [new Date(GAP.from), new Date(GAP.to)],
  );
  simulator.requests.clear();
  const { new: refilled } = await runRepair(jobs, SERIES, signal);
  const asked = simulator.requests.list({ path: "startTime" }).map(({ query }) => query)
    .filter((query) => query.includes("interval=1h"));
  const range = `startTime=${GAP.from}&endTime=${GAP.to - 1}`;
  return {
    claim: "the next repair refills a gap made by SQL, and requests the gap alone",
    isMet: refilled === 60 && asked.length === 10 && asked.every((one) => one.endsWith(range)),
    found: `${refilled} candles of 10 symbols in ${asked.length} requests, each ${range}`,
  };
}

async function checkRevision({ simulator, db, url, jobs, signal }: Stage): Promise<Check> {
  const [{ now: before }] = await db.query<{ now: number }>(
    "select date_trunc('milliseconds', clock_timestamp()) as now",
  ) as [{ now: number }];
  await new Promise((resolve) => setTimeout(resolve, 10));
  simulator.revise({ ...BTC, openTime: REVISED, change: { volume: "7777.12345000" } });
  const { corrected } = await runRepair(jobs, SERIES, signal);
  const volumes = [await volumeAt(db, url, before), await volumeAt(db, url, undefined)];
  const served = simulator.candles("BTCUSDT", "1h").map((row) => row.slice(0, 11));
  const difference = compareRows(await storedRows(db, BTC), served);
  return {
    claim: "the next repair corrects a revised candle, and as_of gives both versions",
    isMet: corrected === 1 && volumes[1] === "7777.12345000" && volumes[0] !== volumes[1] &&
      difference === "",
    found: `${corrected} corrected, ${volumes.join(" → ")} ${difference}`,
  };
}

async function checkRepetition({ db, jobs, signal }: Stage): Promise<Check> {
  const wal = await logOfTwoMoreRounds(db, async () => {
    await runCollect(jobs, SERIES, signal);
    await runRepair(jobs, SERIES, signal);
    await runBackfill(jobs, SERIES, signal);
  });
  return {
    claim: "two more rounds of collect, repair and backfill write no candle",
    isMet: wal.touched === 0,
    found: `${wal.touched} rows of klines, revisions, gaps, symbols written; ` +
      `${wal.bytes} bytes of log for ${wal.runs} runs and the position of the audit`,
  };
}

async function volumeAt(db: Db, url: string, asOf: number | undefined): Promise<string> {
  const exports = openDatabase({ url, log: silent, maxConnections: 1, idleTimeoutMs: 0 });
  const file = await openExportFile(createKlineExporter(db, exports), {
    series: [BTC],
    from: REVISED,
    to: REVISED + 1,
    format: "csv",
    time: "iso",
    ...asOf === undefined ? {} : { asOf },
  });
  const text = await new Response(file.bytes()).text();
  await exports.close();
  return text.split("\n")[1]!.split(",")[5]!;
}

async function logOfTwoMoreRounds(db: Db, round: () => Promise<void>) {
  await db.query("vacuum");
  await db.query("checkpoint");
  const read = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // statistics are delayed
    const [row] = await db.query<{ at: string; touched: number; runs: number }>(
      `select pg_current_wal_insert_lsn() - '0/0' as at,
         (select sum(n_tup_ins + n_tup_upd + n_tup_del)::int8 from pg_stat_user_tables
          where relname ~ '^(klines|kline_revisions|gaps|symbols)') as touched,
         (select count(*) from runs) as runs`,
    );
    return { at: Number(row!.at), touched: row!.touched, runs: row!.runs };
  };
  const before = await read();
  await round();
  await round();
  const after = await read();
  return {
    bytes: after.at - before.at,
    touched: after.touched - before.touched,
    runs: after.runs - before.runs,
  };
}

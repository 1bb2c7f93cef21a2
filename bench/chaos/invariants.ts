import type { Interval } from "../../lib/core/interval.ts";
import { type Db, openDatabase } from "../../lib/store/postgres/connection/database.ts";
import { compareRows, storedRows } from "../../lib/testing/collector.ts";
import { silent } from "../../lib/testing/database/postgres.ts";
import type { SimulatorProcess } from "../simulator_process.ts";
import { HIDDEN, SERIES } from "./market.ts";

/** Differences between the database and the exchange. */
export interface Verdict {
  readonly rows: number;
  readonly lost: number;
  readonly doubled: number;
  /** All violations, described. */
  readonly problems: readonly string[];
}

/** Number of committed candles by series, none of which may be lost later. */
export type Committed = ReadonlyMap<string, { readonly version: number; readonly rows: number }>;

const CLOSE_TIME = 6;
/** Collecting waits for the exchange's final row and repeats every few seconds. */
const SETTLING_MS = 25_000;

/** Opens a database for a few queries; no state is kept between calls. */
export async function withStore<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDatabase({ url, log: silent, maxConnections: 1, queryTimeoutMs: 20_000 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

export async function readCommitted(db: Db): Promise<Committed> {
  const rows = await db.query<{ name: string; version: number; rows: number }>(
    `select symbol_id || ' ' || interval as name, max(change_seq) as version, count(*) as rows
     from klines group by symbol_id, interval`,
  );
  return new Map(rows.map(({ name, version, rows }) => [name, { version, rows }]));
}

/** Compares the database with the exchange, digit for digit, and checks its consistency. */
export async function inspect(
  db: Db,
  simulator: SimulatorProcess,
  committed: Committed = new Map(),
): Promise<Verdict> {
  // A corrupt index hides rows, or returns them twice.
  await db.query(
    "set enable_indexscan = off; set enable_indexonlyscan = off; " +
      "set enable_bitmapscan = off",
  );
  const { now } = await simulator.control<{ now: number }>("GET", "clock");
  const verdicts: Verdict[] = [];
  for (const series of SERIES) verdicts.push(await compareSeries(db, simulator, series, now));
  const gone = await missingCommitted(db, committed);
  return {
    rows: sum(verdicts.map(({ rows }) => rows)),
    lost: sum(verdicts.map(({ lost }) => lost)) + gone,
    doubled: sum(verdicts.map(({ doubled }) => doubled)),
    problems: [
      ...verdicts.flatMap(({ problems }) => problems),
      ...gone === 0 ? [] : [`${gone} committed candles are gone`],
      ...await gapProblems(db),
    ],
  };
}

async function compareSeries(
  db: Db,
  simulator: SimulatorProcess,
  series: { symbol: string; interval: Interval },
  now: number,
): Promise<Verdict> {
  const name = `${series.symbol} ${series.interval}`;
  const stored = await storedRows(db, series);
  const served = await simulator.candles(series.symbol, series.interval);
  const last = Number(stored.at(-1)?.[0] ?? 0);
  const due = served.filter((row) =>
    Number(row[0]) <= last || Number(row[CLOSE_TIME]) <= now - SETTLING_MS
  );
  const times = new Set(stored.map(([open]) => open));
  const lost = due.filter(([open]) => !times.has(open!)).length;
  const doubled = stored.length - times.size;
  const moving = stored.filter((row) => Number(row[CLOSE_TIME]) >= now).length;
  const difference = compareRows(stored, due);
  const counted = await countedRows(db, series);
  return {
    rows: stored.length,
    lost,
    doubled,
    problems: [
      ...difference === "" ? [] : [`${name}: ${difference}`],
      ...moving === 0 ? [] : [`${name}: ${moving} open candles are stored`],
      ...counted === stored.length ? [] : [`${name}: ${counted} counted, ${stored.length} stored`],
    ],
  };
}

async function countedRows(db: Db, { symbol, interval }: { symbol: string; interval: string }) {
  const [row] = await db.query<{ rows: number }>(
    "select row_count as rows from series join symbols using (symbol_id) " +
      "where symbol = $1 and interval = $2",
    [symbol, interval],
  );
  return row?.rows ?? 0;
}

async function missingCommitted(db: Db, committed: Committed): Promise<number> {
  let gone = 0;
  for (const [name, { version, rows }] of committed) {
    const [row] = await db.query<{ rows: number }>(
      `select count(*) as rows from klines
       where symbol_id || ' ' || interval = $1 and change_seq <= $2`,
      [name, version],
    );
    gone += Math.max(0, rows - row!.rows);
  }
  return gone;
}

/** Only candles that the exchange lacks may be missing, and their gaps must be classified. */
async function gapProblems(db: Db): Promise<string[]> {
  const gaps = await db.query<{ name: string; class: string; from: number; to: number }>(
    `select symbol || ' ' || interval as name, class, from_time as from, to_time as to
     from gaps join symbols using (symbol_id)`,
  );
  const explained = gaps.some((gap) =>
    gap.class === "exchange_outage" && gap.name === `${HIDDEN.symbol} 1m` &&
    gap.from === HIDDEN.from && gap.to === HIDDEN.to
  );
  const pending = gaps.filter((gap) => gap.class === "pending");
  return [
    ...explained ? [] : ["the exchange's outage is not recorded as one"],
    ...pending.map(({ name }) => `${name}: a pending gap`),
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

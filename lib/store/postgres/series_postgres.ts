import { AppError } from "../../core/errors.ts";
import { type Interval, INTERVALS } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import type { SeriesState } from "../../ports/kline_store.ts";
import { mapInTurns } from "../../event_loop.ts";
import { readManyRows } from "./reading/many_rows.ts";
import { epochMs } from "./reading/time_bound.ts";
import type { Queryable, Transaction } from "./connection/database.ts";

/** The keys of a series in the tables. */
export interface SeriesKey {
  readonly symbolId: number;
  readonly interval: Interval;
}

/** Ids never change, so each process looks them up once. */
export type SymbolIds = Map<string, number>;

/** No symbol has this id. */
const UNKNOWN_SYMBOL = -1;

/**
 * The id of a symbol, or one that no row has. Statements about a series are given the id instead of
 * joining `symbols`: where tables are distributed by it, they then go to one node.
 */
export async function symbolIdOf(db: Queryable, ids: SymbolIds, symbol: string): Promise<number> {
  const known = ids.get(symbol);
  if (known !== undefined) return known;
  const [row] = await db.query<{ symbol_id: number }>(
    "select symbol_id from symbols where symbol = $1",
    [symbol],
  );
  if (row === undefined) return UNKNOWN_SYMBOL;
  ids.set(symbol, row.symbol_id);
  return row.symbol_id;
}

/** Looks up the ids of many symbols at once. */
async function learnIds(db: Queryable, ids: SymbolIds, series: readonly Series[]): Promise<void> {
  const unknown = new Set(series.map(({ symbol }) => symbol).filter((symbol) => !ids.has(symbol)));
  if (unknown.size === 0) return;
  const rows = await db.query<{ symbol: string; symbol_id: number }>(
    "select symbol, symbol_id from symbols where symbol = any($1)",
    [[...unknown]],
  );
  for (const { symbol, symbol_id } of rows) ids.set(symbol, symbol_id);
}

/** @throws `not_found` when the symbol was never saved */
export async function seriesKey(db: Queryable, ids: SymbolIds, series: Series): Promise<SeriesKey> {
  const { symbol, interval } = series;
  const symbolId = await symbolIdOf(db, ids, symbol);
  if (symbolId === UNKNOWN_SYMBOL) {
    throw new AppError("not_found", `Cannot find symbol: ${symbol}`, { param: "symbol" });
  }
  return { symbolId, interval };
}

/** Symbols and intervals of several series, for `unnest($n::text[], $m::text[])`. */
export function seriesArrays(series: readonly Series[]): [string[], string[]] {
  return [series.map(({ symbol }) => symbol), series.map(({ interval }) => interval)];
}

export async function insertSeries(db: Queryable, key: SeriesKey): Promise<void> {
  await db.query(
    `insert into series (symbol_id, interval) select $1, $2
     where not exists (select from series where symbol_id = $1 and interval = $2)
     on conflict do nothing`,
    [key.symbolId, key.interval],
  );
}

export async function readState(db: Queryable, key: SeriesKey): Promise<SeriesState> {
  const [row] = await db.query<StateRow>(
    `select version, row_count, listed_at, audited_to,
       (select min(open_time) from klines k where k.symbol_id = $1 and k.interval = $2) as first,
       (select max(open_time) from klines k where k.symbol_id = $1 and k.interval = $2) as last
     from series where symbol_id = $1 and interval = $2`,
    [key.symbolId, key.interval],
  );
  return toState(row);
}

interface StateRow {
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  readonly listed_at: EpochMs | null;
  readonly audited_to: EpochMs | null;
  readonly version: number;
  readonly row_count: number;
}

function toState(row: StateRow | undefined): SeriesState {
  return {
    firstOpenTime: row?.first ?? undefined,
    lastOpenTime: row?.last ?? undefined,
    listedAt: row?.listed_at ?? undefined,
    auditedTo: row?.audited_to ?? undefined,
    version: row?.version ?? 0,
    rows: row?.row_count ?? 0,
  };
}

/** Opens the series that are missing, and looks up the ids of all; a repeat reads only. */
export async function insertAll(
  db: Queryable,
  ids: SymbolIds,
  series: readonly Series[],
): Promise<void> {
  await learnIds(db, ids, series);
  const known = await listStates(db);
  const missing = series.filter((one) => !known.has(seriesName(one)));
  if (missing.length === 0) return;
  await db.query(
    `insert into series (symbol_id, interval)
     select symbol_id, wanted.interval
     from unnest($1::text[], $2::text[]) as wanted(symbol, interval) join symbols using (symbol)
     on conflict do nothing`,
    [missing.map(({ symbol }) => symbol), missing.map(({ interval }) => interval)],
  );
}

const STATE: Record<keyof (StateRow & Series), string> = {
  symbol: "symbol",
  interval: "series.interval",
  version: "version",
  row_count: "row_count",
  listed_at: epochMs("listed_at"),
  audited_to: epochMs("audited_to"),
  first: epochMs("first_open_time"),
  last: epochMs("last_open_time"),
};

export async function listStates(db: Queryable): Promise<Map<string, SeriesState>> {
  const rows = await readManyRows<StateRow & Series>(db, {
    columns: STATE,
    source: "from series join symbols using (symbol_id)",
    order: "symbol, interval",
  });
  return new Map(
    await mapInTurns(rows, (row): [string, SeriesState] => [seriesName(row), toState(row)]),
  );
}

/** Notes something about a series that is not a candle; a repeat writes nothing. */
export async function updateSeries(
  db: Queryable,
  key: SeriesKey,
  column: "listed_at" | "audited_to",
  time: EpochMs | undefined,
): Promise<void> {
  await db.query(
    `update series set ${column} = $3
     where symbol_id = $1 and interval = $2 and ${column} is distinct from $3`,
    [key.symbolId, key.interval, time === undefined ? null : new Date(time)],
  );
}

/** Distinguishes our two-number advisory locks from other programs'. */
export const LOCK_SPACE = 0x7769_0000; // "wi"

/**
 * Locks a series for writing until the transaction ends, without write-ahead log. Resolves with the
 * time at which the lock was obtained, by the server's clock. Statements that write cannot return
 * it: Citus refuses volatile functions in them.
 */
export async function lockSeries(tx: Transaction, key: SeriesKey): Promise<EpochMs> {
  const [row] = await tx.query<{ locked_at: EpochMs }>(
    `select date_trunc('milliseconds', clock_timestamp()) as locked_at
     from (select pg_advisory_xact_lock($1, $2)) locked`,
    [LOCK_SPACE + INTERVALS.indexOf(key.interval), key.symbolId],
  );
  return row!.locked_at;
}

/**
 * Changes of a transaction: the number of new candles, how many are off the grid, the first and the
 * last, and whether stored ones were corrected.
 */
export interface FreshSpan {
  readonly hasCorrections?: boolean;
  readonly count: number;
  readonly offGrid: number;
  readonly first?: EpochMs;
  readonly last?: EpochMs;
}

/**
 * Counts a change of the series before its gaps are updated; returns its new version, and the
 * number of its imported candles.
 */
export async function bumpVersion(
  tx: Transaction,
  key: SeriesKey,
  fresh: FreshSpan,
): Promise<{ readonly version: number; readonly importedRows: number }> {
  const [row] = await tx.query<{ version: number; imported_rows: number }>(
    `insert into series as s
       (symbol_id, interval, version, row_count, first_open_time, last_open_time, off_grid)
     values ($1, $2, 1, $3, $4::timestamptz, $5::timestamptz, $6)
     on conflict (symbol_id, interval) do update
       set version = s.version + 1, row_count = s.row_count + $3, off_grid = s.off_grid + $6,
         scanned_version = case when s.scanned_version = s.version then s.version + 1
           else s.scanned_version end,
         imported_pruned_version = case when s.imported_pruned_version = s.version
           then s.version + 1 else s.imported_pruned_version end,
         revised_version = case when $7 or $4 < s.last_open_time then s.version + 1
           else s.revised_version end,
         first_open_time = least(s.first_open_time, $4),
         last_open_time = greatest(s.last_open_time, $5)
     returning version, imported_rows`,
    [
      key.symbolId,
      key.interval,
      fresh.count,
      ...[fresh.first, fresh.last].map((time) => time === undefined ? null : toIso(time)),
      fresh.offGrid,
      fresh.hasCorrections === true,
    ],
  );
  return { version: row!.version, importedRows: row!.imported_rows };
}

import { type Interval, INTERVALS, shiftOpen } from "../../../core/interval.ts";
import { type Kline, type Series, seriesName } from "../../../core/kline.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type { SeriesKline } from "../../../ports/kline_store.ts";
import { AS_KLINE, COPY_KLINES, toCopyLines } from "./_kline_rows.ts";
import { copyIn } from "../connection/copy_in.ts";
import type { Db, Transaction } from "../connection/database.ts";
import { LOCK_SPACE, type SymbolIds } from "../series_postgres.ts";

/** A candle with its series' keys. */
interface Row extends SeriesKline {
  readonly symbolId: number;
}

/** Series per transaction: each needs a lock, and the server's table of locks is limited. */
const MAX_SERIES = 500;

/** See `KlineStore.append`: four statements for all candles instead of six for each. */
export async function appendKlines(
  db: Db,
  ids: SymbolIds,
  candles: readonly SeriesKline[],
  runId: number,
): Promise<ReadonlySet<string>> {
  await lookUpIds(db, ids, candles);
  const rows = candles.flatMap((one) => {
    const symbolId = ids.get(one.symbol);
    return symbolId === undefined ? [] : [{ ...one, symbolId }];
  });
  const names = new Set<string>();
  for (let i = 0; i < rows.length; i += MAX_SERIES) {
    const part = rows.slice(i, i + MAX_SERIES);
    const stored = await db.transaction((tx) => appendRows(tx, part, runId));
    for (const one of stored) names.add(seriesName(one));
  }
  return names;
}

/** Looks up the ids of all unknown symbols at once. */
async function lookUpIds(db: Db, ids: SymbolIds, candles: readonly Series[]): Promise<void> {
  const unknown = candles.map(({ symbol }) => symbol).filter((symbol) => !ids.has(symbol));
  if (unknown.length === 0) return;
  const rows = await db.query<{ symbol: string; symbol_id: number }>(
    "select symbol, symbol_id from symbols where symbol = any($1)",
    [unknown],
  );
  for (const { symbol, symbol_id } of rows) ids.set(symbol, symbol_id);
}

async function appendRows(tx: Transaction, rows: readonly Row[], runId: number): Promise<Row[]> {
  const storedAt = await lockAll(tx, rows);
  const next = await findNext(tx, rows);
  if (next.length === 0) return [];
  const versions = await advanceAll(tx, next);
  const lines = next.map((row) => {
    const version = versions.get(keyOf(row.symbolId, row.interval));
    const own = [row.symbolId, row.interval, toIso(storedAt), version, runId];
    return toCopyLines([row.kline], own.join("\t") + "\t");
  });
  await copyIn(tx, COPY_KLINES, lines);
  return next;
}

const keyOf = (symbolId: number, interval: Interval) => `${symbolId} ${interval}`;

/** Locks the series as `lockSeries` does, in an order that two callers share. */
async function lockAll(tx: Transaction, rows: readonly Row[]): Promise<EpochMs> {
  const ordered = rows.toSorted((a, b) =>
    a.symbolId - b.symbolId || INTERVALS.indexOf(a.interval) - INTERVALS.indexOf(b.interval)
  );
  await tx.query(
    `select count(pg_advisory_xact_lock(space, symbol_id))
     from unnest($1::int[], $2::int[]) as w(space, symbol_id)`,
    [
      ordered.map(({ interval }) => LOCK_SPACE + INTERVALS.indexOf(interval)),
      ordered.map(({ symbolId }) => symbolId),
    ],
  );
  const [row] = await tx.query<{ locked_at: EpochMs }>(
    "select date_trunc('milliseconds', clock_timestamp()) as locked_at",
  );
  return row!.locked_at;
}

/**
 * The rows that follow their series' newest candle, where no gap or edge is recorded and no
 * imported candle must be deleted.
 */
async function findNext(tx: Transaction, rows: readonly Row[]): Promise<Row[]> {
  const found = await tx.query<{ symbol_id: number; interval: Interval }>(
    `select s.symbol_id, s.interval
     from unnest($1::int[], $2::text[], $3::timestamptz[], $4::timestamptz[])
       as w(symbol_id, interval, previous, open_time)
     join series s on s.symbol_id = w.symbol_id and s.interval = w.interval
       and s.last_open_time = w.previous
     where not exists (
       select 1 from gaps g
       where g.symbol_id = s.symbol_id and g.interval = s.interval and g.to_time > s.last_open_time
     ) and (s.imported_rows = 0 or not exists (
       select 1 from imported_klines i
       where i.symbol_id = s.symbol_id and i.interval = s.interval and i.open_time = w.open_time
     ))`,
    [
      rows.map(({ symbolId }) => symbolId),
      rows.map(({ interval }) => interval),
      rows.map(({ kline, interval }) => toIso(shiftOpen(kline.openTime, interval, -1))),
      rows.map(({ kline }) => toIso(kline.openTime)),
    ],
  );
  const keys = new Set(found.map((one) => keyOf(one.symbol_id, one.interval)));
  return rows.filter(({ symbolId, interval }) => keys.has(keyOf(symbolId, interval)));
}

/** Counts the new candles as `bumpVersion` does. Returns the new versions. */
async function advanceAll(tx: Transaction, rows: readonly Row[]): Promise<Map<string, number>> {
  const updated = await tx.query<{ symbol_id: number; interval: Interval; version: number }>(
    `update series s set version = s.version + 1, row_count = s.row_count + 1,
       scanned_version = case when s.scanned_version = s.version then s.version + 1
         else s.scanned_version end,
       imported_pruned_version = case when s.imported_pruned_version = s.version
         then s.version + 1 else s.imported_pruned_version end,
       last_open_time = w.open_time
     from unnest($1::int[], $2::text[], $3::timestamptz[]) as w(symbol_id, interval, open_time)
     where s.symbol_id = w.symbol_id and s.interval = w.interval
     returning s.symbol_id, s.interval, s.version`,
    [
      rows.map(({ symbolId }) => symbolId),
      rows.map(({ interval }) => interval),
      rows.map(({ kline }) => toIso(kline.openTime)),
    ],
  );
  return new Map(updated.map((one) => [keyOf(one.symbol_id, one.interval), one.version]));
}

/** See `KlineStore.newest`. */
export async function readNewest(
  db: Db,
  series: readonly Series[],
  since: EpochMs,
): Promise<ReadonlyMap<string, Kline>> {
  if (series.length === 0) return new Map();
  const rows = await db.query<Kline & { symbol: string; series_interval: Interval }>(
    `select symbol, s.interval as series_interval, ${AS_KLINE}
     from unnest($1::text[], $2::text[]) as w(name, wanted)
     join symbols on symbol = w.name
     join series s on s.symbol_id = symbols.symbol_id and s.interval = w.wanted
     join klines k on k.symbol_id = s.symbol_id and k.interval = s.interval
       and k.open_time = s.last_open_time
     where k.open_time >= $3`,
    [series.map(({ symbol }) => symbol), series.map(({ interval }) => interval), toIso(since)],
  );
  return new Map(rows.map(({ symbol, series_interval, ...kline }) => [
    seriesName({ symbol, interval: series_interval }),
    kline,
  ]));
}

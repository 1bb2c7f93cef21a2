import type { Interval } from "../../../core/interval.ts";
import type { ImportedCandle } from "../../../core/imported_candle.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { ImportedCount, ImportedStore } from "../../../ports/imported_store.ts";
import { countImported, deleteReplaced } from "./_imported_changes.ts";
import { lacksExchange } from "../imported_sql.ts";
import { copyIn } from "../connection/copy_in.ts";
import type { Db, Transaction } from "../connection/database.ts";
import { lockSeries, type SeriesKey, seriesKey, type SymbolIds } from "../series_postgres.ts";

/** Columns of a candle's values and the property that each holds. */
const COLUMNS = [
  ["open_price", "openPrice"],
  ["high_price", "highPrice"],
  ["low_price", "lowPrice"],
  ["close_price", "closePrice"],
  ["volume", "volume"],
  ["quote_asset_volume", "quoteAssetVolume"],
  ["taker_buy_base_asset_volume", "takerBuyBaseAssetVolume"],
  ["taker_buy_quote_asset_volume", "takerBuyQuoteAssetVolume"],
] as const;

const SELECTED = [
  'open_time as "openTime"',
  'close_time as "closeTime"',
  'number_of_trades as "numberOfTrades"',
  ...COLUMNS.map(([column, name]) => `${column}::text as "${name}"`),
].join();

/** Imported candles in the table `imported_klines`. */
export function createImportedStore(db: Db, ids: SymbolIds = new Map()): ImportedStore {
  return {
    async write(series, candles, runId) {
      const key = await seriesKey(db, ids, series);
      if (candles.length === 0) return NOTHING;
      return await db.transaction((tx) => writeImported(tx, key, candles, runId));
    },
    read: async (series, range) => readImported(db, await seriesKey(db, ids, series), range),
    prune: (signal) => prune(db, signal),
  };
}

const NOTHING: ImportedCount = {
  new: 0,
  improved: 0,
  unchanged: 0,
  kept: 0,
  confirmed: 0,
  contradicted: 0,
};

async function writeImported(
  tx: Transaction,
  key: SeriesKey,
  candles: readonly ImportedCandle[],
  runId: number,
): Promise<ImportedCount> {
  await lockSeries(tx, key);
  const range = { from: candles[0]!.openTime, to: candles.at(-1)!.openTime + 1 };
  const stored = await byOpenTime(tx, key, "klines", range);
  const earlier = await byOpenTime(tx, key, "imported_klines", range);
  const count = { ...NOTHING } as { -readonly [K in keyof ImportedCount]: number };
  const written: ImportedCandle[] = [];
  for (const candle of candles) {
    const verdict = judge(candle, stored.get(candle.openTime), earlier.get(candle.openTime));
    count[verdict]++;
    if (verdict === "new" || verdict === "improved") written.push(candle);
  }
  if (count.improved > 0) await deleteCandles(tx, key, written);
  if (written.length > 0) {
    await insertCandles(tx, key, written, runId);
    await countImported(tx, key, count.new);
  }
  return count;
}

function judge(
  candle: ImportedCandle,
  stored: ImportedCandle | undefined,
  earlier: ImportedCandle | undefined,
): keyof ImportedCount {
  if (stored !== undefined) return agrees(candle, stored) ? "confirmed" : "contradicted";
  if (earlier === undefined) return "new";
  const gained = weightOf(candle) - weightOf(earlier);
  if (gained > 0) return "improved";
  return agrees(candle, earlier) ? "unchanged" : "kept";
}

/** Columns that a candle has; digits decide between equals. */
function weightOf(candle: ImportedCandle): number {
  const values = Object.values(candle).filter((value) => value !== undefined && value !== null);
  return values.length * 2 + (candle.isFloat ? 0 : 1);
}

/** Digits that a float keeps. */
const PRECISION = 1e-9;

/** True when the values that both have are equal, but for the digits that a float loses. */
function agrees(a: ImportedCandle, b: ImportedCandle): boolean {
  return COLUMNS.every(([, name]) => {
    const [own, other] = [a[name] ?? undefined, b[name] ?? undefined];
    if (own === undefined || other === undefined) return true;
    return Math.abs(Number(own) - Number(other)) <= PRECISION * Math.abs(Number(other));
  });
}

async function byOpenTime(
  tx: Transaction,
  key: SeriesKey,
  table: "klines" | "imported_klines",
  { from, to }: TimeRange,
): Promise<Map<EpochMs, ImportedCandle>> {
  const isFloat = table === "klines" ? "false" : "is_float";
  const rows = await tx.query<ImportedCandle>(
    `select ${SELECTED}, ${isFloat} as "isFloat" from ${table}
     where symbol_id = $1 and interval = $2 and open_time >= $3 and open_time < $4`,
    [key.symbolId, key.interval, toIso(from), toIso(to)],
  );
  return new Map(rows.map((row) => [row.openTime, row]));
}

async function deleteCandles(tx: Transaction, key: SeriesKey, candles: readonly ImportedCandle[]) {
  await tx.query(
    `delete from imported_klines
     where symbol_id = $1 and interval = $2 and open_time = any($3::timestamptz[])`,
    [key.symbolId, key.interval, `{${candles.map(({ openTime }) => toIso(openTime)).join()}}`],
  );
}

async function insertCandles(
  tx: Transaction,
  key: SeriesKey,
  candles: readonly ImportedCandle[],
  runId: number,
) {
  const lines = candles.map((candle) => {
    const { openTime, closeTime, numberOfTrades, isFloat } = candle;
    const values = COLUMNS.map(([, name]) => candle[name] ?? NULL);
    const close = closeTime === undefined ? NULL : toIso(closeTime);
    const own = [key.symbolId, key.interval, runId, toIso(openTime), close];
    return own.concat([numberOfTrades ?? NULL, isFloat ? "t" : "f"], values).join("\t");
  });
  await copyIn(
    tx,
    `copy imported_klines (symbol_id, interval, run_id, open_time, close_time, number_of_trades,
       is_float, ${COLUMNS.map(([column]) => column)})
     from stdin`,
    [`${lines.join("\n")}\n`],
  );
}

/** As COPY writes a missing value. */
const NULL = "\\N";

async function readImported(
  db: Db,
  key: SeriesKey,
  { from, to }: TimeRange,
): Promise<ImportedCandle[]> {
  const rows = await db.query<ImportedCandle>(
    `select ${SELECTED}, is_float as "isFloat" from imported_klines i
     where symbol_id = $1 and interval = $2 and open_time >= $3 and open_time < $4
       and ${lacksExchange({ symbolId: "$1", interval: "$2" })}
     order by open_time`,
    [key.symbolId, key.interval, toIso(from), toIso(to)],
  );
  return rows.map(withoutNulls);
}

function withoutNulls(row: ImportedCandle): ImportedCandle {
  const entries = Object.entries(row).map(([name, value]) => [name, value ?? undefined]);
  return Object.fromEntries(entries) as ImportedCandle;
}

interface DueSeries {
  readonly symbol_id: number;
  readonly interval: Interval;
  readonly version: number;
}

/**
 * Writing candles of the exchange replaces imported ones in the same transaction, so that only
 * series changed in another way are due: by hand, or from a backup.
 */
async function prune(db: Db, signal: AbortSignal): Promise<number> {
  const due = await db.query<DueSeries>(
    `select symbol_id, interval, version from series
     where imported_rows > 0 and imported_pruned_version <> version`,
  );
  let deleted = 0;
  for (const { symbol_id: symbolId, interval, version } of due) {
    const key = { symbolId, interval };
    for (let from: EpochMs | undefined = 0; from !== undefined;) {
      signal.throwIfAborted();
      const step = await db.transaction((tx) => pruneStep(tx, key, from!));
      deleted += step.deleted;
      from = step.next;
    }
    await db.query(
      `update series set imported_pruned_version = $3 where symbol_id = $1 and interval = $2`,
      [symbolId, interval, version],
    );
  }
  return deleted;
}

/** Imported candles that one transaction compares with the exchange's. */
const PRUNED_ROWS = 50_000;

async function pruneStep(tx: Transaction, key: SeriesKey, from: EpochMs) {
  await lockSeries(tx, key);
  const [row] = await tx.query<{ rows: number; last: EpochMs | null }>(
    `select count(*) as rows, max(open_time) as last from (
       select open_time from imported_klines
       where symbol_id = $1 and interval = $2 and open_time >= $3
       order by open_time limit $4
     ) own`,
    [key.symbolId, key.interval, toIso(from), PRUNED_ROWS],
  );
  const { rows, last } = row!;
  if (last === null) return { deleted: 0, next: undefined };
  const deleted = await deleteReplaced(tx, key, { from, to: last });
  return { deleted, next: rows < PRUNED_ROWS ? undefined : last + 1 };
}

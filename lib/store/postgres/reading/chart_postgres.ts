import { LRUCache } from "lru-cache";
import { KLINE_COLUMNS, type Series, seriesName } from "../../../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type {
  ChartReader,
  Market,
  OutlinePoint,
  RangeProof,
  StoredSeries,
} from "../../../ports/chart_reader.ts";
import { createDrawnReader } from "./_drawn_candles.ts";
import type { Db } from "../connection/database.ts";
import { isoTime } from "./_export_sql.ts";
import { EXTENT, type ExtentRow, toExtent } from "./coverage_postgres.ts";
import { selectList } from "./many_rows.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";

/** Reads the data of charts. */
export function createChartReader(db: Db): ChartReader {
  const proof = cached<RangeProof>(500);
  const outline = cached<OutlinePoint[]>(200);
  const ids: SymbolIds = new Map();
  return {
    series: (symbol) => readSeries(db, ids, symbol),
    markets: (symbols) => readMarkets(db, symbols),
    candles: createDrawnReader(db, ids),
    proof: (range, version) => proof([nameOf(range), version], () => readProof(db, ids, range)),
    outline: (range, points) =>
      outline([nameOf(range), points], () => readOutline(db, ids, range, points)),
  };
}

const nameOf = (range: Series & TimeRange) => `${seriesName(range)} ${range.from} ${range.to}`;

/** Keeps the newest `max` answers; a failure is not kept. */
function cached<T>(max: number) {
  const answers = new LRUCache<string, Promise<T>>({ max });
  return (key: readonly (string | number)[], make: () => Promise<T>): Promise<T> => {
    const name = key.join(" ");
    const known = answers.get(name);
    if (known) return known;
    const answer = make();
    answers.set(name, answer);
    answer.catch(() => answers.delete(name));
    return answer;
  };
}

const OWN = "k.symbol_id = $1 and k.interval = $2";
const IN_RANGE = `${OWN} and k.open_time >= $3 and k.open_time < $4`;

async function argumentsOf(
  db: Db,
  ids: SymbolIds,
  { symbol, interval, from, to }: Series & TimeRange,
): Promise<unknown[]> {
  return [await symbolIdOf(db, ids, symbol), interval, toIso(from), toIso(to)];
}

async function readMarkets(db: Db, symbols: readonly string[]): Promise<Market[]> {
  const rows = await db.query<MarketRow>(
    `select symbol, base_asset, quote_asset, tick_size from symbols where symbol = any($1)`,
    [symbols],
  );
  return rows.map(({ symbol, base_asset, quote_asset, tick_size }) => ({
    symbol,
    baseAsset: base_asset,
    quoteAsset: quote_asset,
    tickSize: tick_size ?? undefined,
  }));
}

type MarketRow = Pick<ExtentRow, "symbol" | "base_asset" | "quote_asset" | "tick_size">;

async function readSeries(db: Db, ids: SymbolIds, symbol: string): Promise<StoredSeries[]> {
  const imported = "from imported_klines i " +
    "where i.symbol_id = series.symbol_id and i.interval = series.interval";
  const rows = await db.query<StoredRow>(
    `select ${selectList(EXTENT)}, lineage, version, imported_version,
       (select min(i.open_time) ${imported}) as first_imported,
       (select max(i.open_time) ${imported}) as last_imported
     from series join symbols using (symbol_id)
     where series.symbol_id = $1`,
    [await symbolIdOf(db, ids, symbol)],
  );
  return rows.map((row) => ({
    ...toExtent(row),
    lineage: row.lineage,
    version: row.version,
    importedVersion: row.imported_version,
    firstImported: row.first_imported ?? undefined,
    lastImported: row.last_imported ?? undefined,
  }));
}

interface StoredRow extends ExtentRow {
  readonly lineage: number;
  readonly version: number;
  readonly imported_version: number;
  readonly first_imported: EpochMs | null;
  readonly last_imported: EpochMs | null;
}

const CSV_HEADER = `${KLINE_COLUMNS.join()}\n`;
/** Numbers and times need no CSV quotes. */
const CSV_LINE = `concat_ws(',', ${
  KLINE_COLUMNS.map((column) => column.endsWith("_time") ? isoTime(`k.${column}`) : `k.${column}`)
})`;

async function readProof(
  db: Db,
  ids: SymbolIds,
  range: Series & TimeRange,
): Promise<RangeProof> {
  const [row] = await db.query<RangeProof>(
    `select count(*)::int as rows, encode(sha256(convert_to(
       $5 || coalesce(string_agg(${CSV_LINE} || chr(10), '' order by k.open_time), ''), 'UTF8'
     )), 'hex') as sha256
     from klines k where ${IN_RANGE}`,
    [...await argumentsOf(db, ids, range), CSV_HEADER],
  );
  return row!;
}

/** Looks up one candle for each part of the range, equally fast for all intervals. */
async function readOutline(
  db: Db,
  ids: SymbolIds,
  range: Series & TimeRange,
  points: number,
): Promise<OutlinePoint[]> {
  const step = Math.max(1, Math.ceil((range.to - range.from) / points));
  const rows = await db.query<{ open_time: EpochMs; close: number }>(
    `select first.open_time, close
     from generate_series($3::timestamptz, $4::timestamptz, $5 * interval '1 ms') part,
     lateral (
       select k.open_time, close_price::float8 as close from klines k
       where ${OWN} and k.open_time >= part and k.open_time < part + $5 * interval '1 ms'
         and k.open_time < $4
       order by k.open_time limit 1
     ) first
     order by first.open_time`,
    [...await argumentsOf(db, ids, range), step],
  );
  return rows.map(({ open_time, close }) => ({ openTime: open_time, close }));
}

import type { Interval } from "../../../core/interval.ts";
import { type KlineColumn, type KlineColumns, type Series } from "../../../core/kline.ts";
import type { SeriesMark } from "../../../core/cursor.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type {
  CandleQuery,
  KlineReader,
  Quote,
  SourcedColumns,
} from "../../../ports/kline_reader.ts";
import { bound } from "./time_bound.ts";
import { AS_COLUMNS, AS_NUMBERS } from "./_column_sql.ts";
import { withImported } from "../imported_sql.ts";
import type { Db, Queryable } from "../connection/database.ts";
import { readCoverage, readExtents, readNewestTimes } from "./coverage_postgres.ts";
import { readDerived } from "./derived_postgres.ts";
import { readRows, readRowsAfter } from "./rows_postgres.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";
import { readHeldSymbols } from "../symbols_postgres.ts";
import { readTraded } from "./traded_postgres.ts";

/** Stored candles and the facts about each series, for pages and responses. */
export function createKlineReader(db: Db): KlineReader {
  const ids: SymbolIds = new Map();
  return {
    findSeries: (series) => findSeries(db, ids, series),
    columns: (query) => readColumns(db, ids, query),
    markedColumns: (query) =>
      db.snapshot(async (tx) => {
        const found = await findSeries(tx, ids, query);
        const { lineage, version } = found ?? { lineage: 0, version: 0 };
        return { mark: { lineage, version }, columns: await readColumns(tx, ids, query) };
      }),
    sourcedColumns: (query) =>
      db.snapshot(async (tx) => {
        const found = await findSeries(tx, ids, query);
        const { lineage, version, importedVersion } = found ?? NO_MARK;
        const mark = { lineage, version, importedVersion };
        return { mark, ...await readSourced(tx, ids, query) };
      }),
    derivedColumns: (query) => readDerived(db, ids, query),
    rows: (query) => readRows(db, ids, query),
    symbols: () => readHeldSymbols(db),
    rowsAfter: (series, openTime, limit) => readRowsAfter(db, ids, { ...series, openTime, limit }),
    traded: (series, range) => readTraded(db, ids, { ...series, ...range }),
    extents: (filter = {}) => readExtents(db, filter),
    coverage: (filter = {}) => readCoverage(db, filter),
    newestTimes: () => readNewestTimes(db),
    importedWithin: (series, ranges) => countImportedWithin(db, ids, series, ranges),
    quotes: (symbols, interval, count) => readQuotes(db, symbols, interval, count),
  };
}

async function findSeries(db: Queryable, ids: SymbolIds, { symbol, interval }: Series) {
  const [row] = await db.query<HeldRow>(
    `select lineage, version, row_count, last_open_time as last, imported_rows, imported_version
     from series where symbol_id = $1 and interval = $2`,
    [await symbolIdOf(db, ids, symbol), interval],
  );
  if (row === undefined) return undefined;
  const { lineage, version } = row;
  return {
    lineage,
    version,
    rows: row.row_count,
    importedRows: row.imported_rows,
    importedVersion: row.imported_version,
    lastOpenTime: row.last ?? undefined,
  };
}

interface HeldRow extends SeriesMark {
  readonly row_count: number;
  readonly last: EpochMs | null;
  readonly imported_rows: number;
  readonly imported_version: number;
}

const NO_MARK = { lineage: 0, version: 0, importedVersion: 0 };

async function readColumns(
  db: Queryable,
  ids: SymbolIds,
  query: CandleQuery,
): Promise<KlineColumns> {
  const { symbol, interval, from, to, limit } = query;
  const symbolId = await symbolIdOf(db, ids, symbol);
  // With `from` the oldest from there, without it the newest, as at the exchange.
  const order = from === undefined ? "desc" : "asc";
  const [columns] = await db.query<Record<KlineColumn, number[]>>(
    `select ${AS_COLUMNS} from (
       select ${AS_NUMBERS} from klines
       where symbol_id = $1 and interval = $2 and open_time >= $3 and open_time < $4
       order by klines.open_time ${order} limit $5
     ) own`,
    [symbolId, interval, bound(from, "-infinity"), bound(to, "infinity"), limit],
  );
  return { symbol, interval, ...columns! };
}

/** As `readColumns`, with imported candles where none of the exchange is stored. */
async function readSourced(
  db: Queryable,
  ids: SymbolIds,
  query: CandleQuery,
): Promise<Pick<SourcedColumns, "columns" | "source">> {
  const { symbol, interval, from, to, limit } = query;
  const symbolId = await symbolIdOf(db, ids, symbol);
  const order = from === undefined ? "desc" : "asc";
  const own = withImported({
    symbolId: "$1",
    interval: "$2",
    condition: "symbol_id = $1 and interval = $2 and open_time >= $3 and open_time < $4",
    order: `${order} limit $5`,
  });
  const [row] = await db.query<SourcedRow>(
    `select ${AS_COLUMNS}, coalesce(json_agg(source order by open_time), '[]') as source from (
       select ${AS_NUMBERS}, source
       from (${own}) k
       order by k.open_time ${order} limit $5
     ) own`,
    [symbolId, interval, bound(from, "-infinity"), bound(to, "infinity"), limit],
  );
  const { source, ...columns } = row!;
  return { columns: { symbol, interval, ...columns }, source };
}

type SourcedRow =
  & Omit<SourcedColumns["columns"], "symbol" | "interval">
  & Pick<SourcedColumns, "source">;

async function countImportedWithin(
  db: Db,
  ids: SymbolIds,
  { symbol, interval }: Series,
  ranges: readonly TimeRange[],
): Promise<number[]> {
  if (ranges.length === 0) return [];
  const rows = await db.query<{ rows: number }>(
    `select count(i.open_time) as rows
     from unnest($3::timestamptz[], $4::timestamptz[]) with ordinality as w(begun, ended, place)
     left join (
       select open_time from imported_klines where symbol_id = $1 and interval = $2
     ) i on i.open_time >= begun and i.open_time < ended
     group by place order by place`,
    [
      await symbolIdOf(db, ids, symbol),
      interval,
      ranges.map(({ from }) => toIso(from)),
      ranges.map(({ to }) => toIso(to)),
    ],
  );
  return rows.map(({ rows }) => rows);
}

async function readQuotes(
  db: Db,
  symbols: readonly string[],
  interval: Interval,
  count: number,
): Promise<Quote[]> {
  const rows = await db.query<{
    symbol: string;
    last: EpochMs;
    closes: number[];
    day_ago: number | null;
  }>(
    `select symbol, last, closes, day_ago from series s join symbols using (symbol_id)
     cross join lateral (
       select max(open_time) as last, json_agg(close_price order by open_time) as closes
       from (
         select open_time, close_price from klines k
         where k.symbol_id = s.symbol_id and k.interval = $2
         order by open_time desc limit $3
       ) newest
     ) recent
     left join lateral (
       select close_price::float8 as day_ago from klines k
       where k.symbol_id = s.symbol_id and k.interval = $2
         and open_time <= last - interval '1 day' and open_time > last - interval '2 days'
       order by open_time desc limit 1
     ) earlier on true
     where symbol = any($1) and s.interval = $2 and last is not null`,
    [symbols, interval, count],
  );
  return rows.map(({ symbol, last, closes, day_ago }) => ({
    symbol,
    lastOpenTime: last,
    closes,
    dayAgo: day_ago ?? undefined,
  }));
}

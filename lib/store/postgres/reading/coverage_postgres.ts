import type { Interval } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import type {
  CoverageFilter,
  NewestTime,
  SeriesCoverage,
  SeriesExtent,
} from "../../../ports/kline_reader.ts";
import { mapInTurns } from "../../../event_loop.ts";
import { readManyRows } from "./many_rows.ts";
import { epochMs } from "./time_bound.ts";
import type { Db } from "../connection/database.ts";

export interface ExtentRow {
  symbol: string;
  base_asset: string;
  quote_asset: string;
  status: string;
  tick_size: string | null;
  interval: Interval;
  row_count: number;
  imported_rows: number;
  off_grid: number;
  first: EpochMs | null;
  last: EpochMs | null;
  listed_at: EpochMs | null;
}

/** Columns of `series` joined with `symbols`, each with its expression. */
export const EXTENT: Record<keyof ExtentRow, string> = {
  symbol: "symbol",
  base_asset: "base_asset",
  quote_asset: "quote_asset",
  status: "status",
  tick_size: "tick_size::text",
  interval: "series.interval",
  row_count: "row_count",
  imported_rows: "imported_rows",
  off_grid: "off_grid",
  first: epochMs("first_open_time"),
  last: epochMs("last_open_time"),
  listed_at: epochMs("listed_at"),
};

const ORDER = "symbol, interval";
const SELECTED =
  "where ($1::text[] is null or symbol = any($1)) and ($2::text[] is null or interval = any($2))";

const valuesOf = ({ symbols, intervals }: CoverageFilter) => [symbols ?? null, intervals ?? null];

export async function readExtents(db: Db, filter: CoverageFilter): Promise<SeriesExtent[]> {
  const source = `from series join symbols using (symbol_id) ${SELECTED}`;
  const rows = await readManyRows<ExtentRow>(
    db,
    { columns: EXTENT, source, order: ORDER },
    valuesOf(filter),
  );
  return await mapInTurns(rows, toExtent);
}

interface CoverageRow extends ExtentRow {
  gaps: SeriesCoverage["gapCounts"] | null;
}

export async function readCoverage(db: Db, filter: CoverageFilter): Promise<SeriesCoverage[]> {
  const source = `from series join symbols using (symbol_id)
    left join (
      select symbol_id, interval, json_object_agg(class, count) as gaps from (
        select symbol_id, interval, class, count(*) from gaps group by symbol_id, interval, class
      ) by_class group by symbol_id, interval
    ) counted using (symbol_id, interval) ${SELECTED}`;
  const rows = await readManyRows<CoverageRow>(
    db,
    { columns: { ...EXTENT, gaps: "gaps" }, source, order: ORDER },
    valuesOf(filter),
  );
  return await mapInTurns(rows, (row) => ({ ...toExtent(row), gapCounts: row.gaps ?? {} }));
}

export async function readNewestTimes(db: Db): Promise<NewestTime[]> {
  const rows = await db.query<Omit<NewestTime, "lastOpenTime"> & Pick<ExtentRow, "last">>(
    "select interval, last_open_time as last, count(*) as series from series group by 1, 2",
  );
  return rows.map(({ interval, last, series }) => ({
    interval,
    lastOpenTime: last ?? undefined,
    series,
  }));
}

export function toExtent(row: ExtentRow): SeriesExtent {
  return {
    symbol: row.symbol,
    interval: row.interval,
    baseAsset: row.base_asset,
    quoteAsset: row.quote_asset,
    status: row.status,
    tickSize: row.tick_size ?? undefined,
    rows: row.row_count,
    importedRows: row.imported_rows,
    offGrid: row.off_grid,
    firstOpenTime: row.first ?? undefined,
    lastOpenTime: row.last ?? undefined,
    listedAt: row.listed_at ?? undefined,
  };
}

import { KLINE_COLUMNS, type Series } from "../../../core/kline.ts";
import type { KlineRowText } from "../../../core/text/kline_row_text.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type { CandleQuery } from "../../../ports/kline_reader.ts";
import type { Db } from "../connection/database.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";
import { bound } from "./time_bound.ts";

/** A candle in the exchange's row format; PostgreSQL returns the digits as stored. */
const ROW_TEXT = `format('[%s,"%s","%s","%s","%s","%s",%s,"%s",%s,"%s","%s","0"]', ${
  KLINE_COLUMNS.map((column) =>
    column.endsWith("_time") ? `(extract(epoch from ${column}) * 1000)::bigint` : column
  )
})`;

/** Reads the oldest `limit` rows after `openTime`, none after a pending gap. */
export async function readRowsAfter(
  db: Db,
  ids: SymbolIds,
  { symbol, interval, openTime, limit }: Series & {
    readonly openTime: EpochMs;
    readonly limit: number;
  },
): Promise<KlineRowText[]> {
  const rows = await db.query<{ row: KlineRowText }>(
    `select ${ROW_TEXT} as row from klines
     where symbol_id = $1 and interval = $2 and open_time > $3
       and open_time < (select coalesce(min(from_time), 'infinity') from gaps
         where symbol_id = $1 and interval = $2 and class = 'pending' and to_time > $3)
     order by open_time limit $4`,
    [await symbolIdOf(db, ids, symbol), interval, toIso(openTime), limit],
  );
  return rows.map(({ row }) => row);
}

/** One value for all rows: the driver's cost per row exceeds PostgreSQL's cost of joining them. */
export async function readRows(
  db: Db,
  ids: SymbolIds,
  query: CandleQuery,
): Promise<KlineRowText[]> {
  const { symbol, interval, from, to, limit } = query;
  const symbolId = await symbolIdOf(db, ids, symbol);
  const order = from === undefined ? "desc" : "asc";
  const [joined] = await db.query<{ rows: string | null }>(
    `select string_agg(row, E'\\n' order by open_time) as rows from (
       select open_time, ${ROW_TEXT} as row from klines
       where symbol_id = $1 and interval = $2
         and open_time >= $3 and open_time < $4
       order by open_time ${order} limit $5
     ) page`,
    [symbolId, interval, bound(from, "-infinity"), bound(to, "infinity"), limit],
  );
  return (joined?.rows?.split("\n") ?? []) as KlineRowText[];
}

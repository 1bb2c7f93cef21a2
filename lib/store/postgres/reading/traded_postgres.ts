import type { Decimal } from "../../../core/decimal.ts";
import type { Series } from "../../../core/kline.ts";
import { type TimeRange, toIso } from "../../../core/time.ts";
import type { TradedStretch } from "../../../ports/kline_reader.ts";
import type { Db } from "../connection/database.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";

interface TradedRow {
  readonly is_whole: boolean;
  readonly previous_close: Decimal | null;
  readonly open: Decimal | null;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly quote_volume: Decimal;
  readonly trades: string;
}

/** Sums use `numeric` and are exact. Prices come from candles with trades, if there are any. */
export async function readTraded(
  db: Db,
  ids: SymbolIds,
  { symbol, interval, from, to }: Series & TimeRange,
): Promise<TradedStretch> {
  const [row] = await db.query<TradedRow>(
    `select
       coalesce(first_open_time <= greatest($3::timestamptz, listed_at), false) and not exists (
         select from gaps g where g.symbol_id = $1 and g.interval = $2
           and class = 'pending' and from_time < $4 and to_time > $3) as is_whole,
       (select close_price::text from klines k
          where k.symbol_id = $1 and k.interval = $2 and open_time < $3
          order by open_time desc limit 1) as previous_close,
       traded.*
     from series s, lateral (
       select
         (array_agg(open_price order by number_of_trades = 0, open_time))[1]::text as open,
         coalesce(max(high_price) filter (where number_of_trades > 0), max(high_price))::text as high,
         coalesce(min(low_price) filter (where number_of_trades > 0), min(low_price))::text as low,
         (array_agg(close_price order by number_of_trades = 0, open_time desc))[1]::text as close,
         sum(volume)::text as volume, sum(quote_asset_volume)::text as quote_volume,
         sum(number_of_trades)::text as trades
       from klines k where k.symbol_id = $1 and k.interval = $2
         and open_time >= $3 and open_time < $4
     ) traded where s.symbol_id = $1 and s.interval = $2`,
    [await symbolIdOf(db, ids, symbol), interval, toIso(from), toIso(to)],
  );
  if (row === undefined) return { isWhole: false, previousClose: undefined, traded: undefined };
  const { open, high, low, close, volume, quote_volume: quoteVolume } = row;
  return {
    isWhole: row.is_whole,
    previousClose: row.previous_close ?? undefined,
    traded: open === null
      ? undefined
      : { open, high, low, close, volume, quoteVolume, trades: Number(row.trades) },
  };
}

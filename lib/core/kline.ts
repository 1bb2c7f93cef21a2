import type { Decimal } from "./decimal.ts";
import { endOf, type Interval } from "./interval.ts";
import type { EpochMs } from "./time.ts";

/** One spot candle. `openTime` identifies it within its series. */
export interface Kline {
  readonly openTime: EpochMs;
  readonly openPrice: Decimal;
  readonly highPrice: Decimal;
  readonly lowPrice: Decimal;
  readonly closePrice: Decimal;
  /** In base asset. */
  readonly volume: Decimal;
  /** As sent by the exchange. Normally the last ms of the interval; arbitrary after outages. */
  readonly closeTime: EpochMs;
  readonly quoteAssetVolume: Decimal;
  readonly numberOfTrades: number;
  readonly takerBuyBaseAssetVolume: Decimal;
  readonly takerBuyQuoteAssetVolume: Decimal;
}

/** Identifies a series: the symbol in the exchange's spelling, and the interval. */
export interface Series {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Column names of the CSV, the JSON forms and the `klines` table, in the CSV's order. */
export const KLINE_COLUMNS = [
  "open_time",
  "open_price",
  "high_price",
  "low_price",
  "close_price",
  "volume",
  "close_time",
  "quote_asset_volume",
  "number_of_trades",
  "taker_buy_base_asset_volume",
  "taker_buy_quote_asset_volume",
] as const;

export type KlineColumn = typeof KLINE_COLUMNS[number];

/** Candles for charts: equal-length arrays, ascending open times in epoch ms, floats. */
export interface KlineColumns extends Readonly<Record<KlineColumn, readonly number[]>> {
  readonly symbol: string;
  readonly interval: Interval;
}

/** Most candles in an answer of `/api/candles`, and of one chart. */
export const MAX_CANDLES = 5000;

const PRICE_COLUMNS = [
  "open_time",
  "open_price",
  "high_price",
  "low_price",
  "close_price",
] as const satisfies readonly KlineColumn[];

const VOLUME_COLUMNS = [
  "volume",
  "quote_asset_volume",
  "number_of_trades",
  "taker_buy_base_asset_volume",
] as const satisfies readonly KlineColumn[];

/** The columns that a chart shows. Imported candles can lack volumes. */
export const DRAWN_COLUMNS = [...PRICE_COLUMNS, ...VOLUME_COLUMNS] as const;

export type DrawnColumns =
  & Pick<KlineColumns, typeof PRICE_COLUMNS[number]>
  & Readonly<Record<typeof VOLUME_COLUMNS[number], readonly (number | null)[]>>
  & {
    /** By candle; absent if all are the exchange's. */
    readonly source?: readonly ("exchange" | "imported")[];
  };

/** True if the candle has closed by the exchange's clock, so that trading cannot change it. */
export function isClosed(
  { openTime }: Pick<Kline, "openTime">,
  interval: Interval,
  serverTime: EpochMs,
): boolean {
  return serverTime >= endOf(openTime, interval);
}

/** `"BTCUSDT 4h"`, for logs, messages and keys. */
export function seriesName({ symbol, interval }: Series): string {
  return `${symbol} ${interval}`;
}

/** Items of which each series has at most one, by the series' name. */
export function bySeries<T extends Series>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [seriesName(item), item]));
}

/** Items by symbol. Of several items of a symbol, the first counts. */
export function bySymbol<T extends Pick<Series, "symbol">>(items: readonly T[]): Map<string, T> {
  return new Map(items.toReversed().map((item) => [item.symbol, item]));
}

import type { DrawnColumns } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";

export interface Prices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Prices that a chart draws instead of the exchange's. */
export interface DrawnPrices extends Prices {
  /** Close of the candle before, which colours a hollow candle. */
  readonly before?: number | undefined;
}

/** One candle for pictures, readouts and tables. */
export interface Candle extends Prices {
  readonly openTime: EpochMs;
  /** NaN, as each of the following, where an imported candle lacks it. */
  readonly volume: number;
  /** Quote volume: sum of price × quantity. */
  readonly quoteVolume: number;
  readonly trades: number;
  /** Taker buy volume, part of `volume`. */
  readonly takerBuy: number;
  /** True if it is of a file, not of the exchange, or a bar that contains such candles. */
  readonly isImported?: boolean | undefined;
  /** Set by chart types that draw other prices: Heikin-Ashi, lines, hollow candles. */
  readonly drawn?: DrawnPrices | undefined;
}

/** The prices at which a candle is drawn. */
export function drawnOf(candle: Candle): DrawnPrices {
  return candle.drawn ?? candle;
}

export function toCandles(columns: DrawnColumns): Candle[] {
  return columns.open_time.map((openTime, i) => ({
    openTime,
    open: columns.open_price[i]!,
    high: columns.high_price[i]!,
    low: columns.low_price[i]!,
    close: columns.close_price[i]!,
    volume: columns.volume[i] ?? NaN,
    quoteVolume: columns.quote_asset_volume[i] ?? NaN,
    trades: columns.number_of_trades[i] ?? NaN,
    takerBuy: columns.taker_buy_base_asset_volume[i] ?? NaN,
    isImported: columns.source?.[i] === "imported",
  }));
}

/** The candles of the exchange. */
export function withoutImported<T extends Pick<Candle, "isImported">>(candles: readonly T[]): T[] {
  return candles.filter(({ isImported }) => !isImported);
}

/** The newest candle of the exchange. */
export function newestOwn(candles: readonly Candle[]): Candle | undefined {
  return candles.findLast(({ isImported }) => !isImported);
}

/** True if the candle closes at or above its open price. */
export function isUp({ open, close }: Prices): boolean {
  return close >= open;
}

/**
 * True if a candle closes at or above the close before it; the first after a gap, at or above its
 * open price.
 */
export function isHigher(candle: Candle): boolean {
  const { open, close, before = open } = drawnOf(candle);
  return close >= before;
}

/** Change from open to close, as a fraction. */
export function changeOf({ open, close }: Prices): number {
  return open === 0 ? 0 : close / open - 1;
}

/** Merges `fresh` into `old`, replacing candles with the same open time; ascending. */
export function withNewer(old: readonly Candle[], fresh: readonly Candle[]): Candle[] {
  const first = fresh[0]?.openTime ?? Infinity;
  return [...old.filter((candle) => candle.openTime < first), ...fresh];
}

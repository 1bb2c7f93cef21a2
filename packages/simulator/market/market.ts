import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import type { CandleBlock, CandleRow } from "./candle_block.ts";

/** A symbol's candles of one interval, in time order, independent of the clock. */
export interface Series {
  /** The block around a time that `next` or `last` returned. */
  blockAt(time: EpochMs): CandleBlock;
  /** Start of that block, without computing it. */
  blockStart(time: EpochMs): EpochMs;
  /** First time at or after `time` that belongs to a candle. */
  next(time: EpochMs): EpochMs | undefined;
  /** Last time at or before `time` that belongs to a candle. */
  last(time: EpochMs): EpochMs | undefined;
  /** The open candle at `now`, with the trades so far. */
  openCandle(now: EpochMs): CandleRow | undefined;
}

/** Trading in a range; decimals have 8 places. */
export interface Trading {
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
}

/** One symbol of the exchange. */
export interface Market {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Decimals with 8 places. */
  readonly tickSize: string;
  readonly stepSize: string;
  /** True if the exchange knows the symbol at `now`. */
  isKnown(now: EpochMs): boolean;
  isTrading(now: EpochMs): boolean;
  series(interval: Interval): Series;
  /** Trading up to the last whole second before `range.to`. */
  trading(range: TimeRange): Trading | undefined;
  /** The last time up to `now` at which it was traded. */
  lastTraded(now: EpochMs): EpochMs | undefined;
  /** Price of the last trade up to `now`. */
  lastPrice(now: EpochMs): string | undefined;
}

import type { Interval } from "../../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../../lib/core/time.ts";
import type { CandleBlock, CandleRow } from "./candle_block.ts";

export type TimeUnit = "ms" | "us";

/** Which form of a symbol's candles is wanted. */
export interface SeriesKey {
  readonly interval: Interval;
  readonly unit: TimeUnit;
  /** How far candle borders lie ahead of UTC: the `timeZone` parameter. */
  readonly offsetMs: number;
}

/** A symbol's candles of one interval, in time order, whatever the clock says. */
export interface Series {
  /** The block around an instant that `next` or `last` returned. */
  blockAt(time: EpochMs): CandleBlock;
  /** Where that block begins, without computing it. */
  blockStart(time: EpochMs): EpochMs;
  /** First instant at or after `time` that belongs to a candle. */
  next(time: EpochMs): EpochMs | undefined;
  /** Last instant at or before `time` that belongs to a candle. */
  last(time: EpochMs): EpochMs | undefined;
  /** The candle that contains `now`, as far as it has come. */
  moving(now: EpochMs): CandleRow | undefined;
}

/** What was traded in a stretch of time; decimals have 8 places. */
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
  /** Whether candle borders can be shifted: replayed candles are what they are. */
  readonly hasTimeZones: boolean;
  /** Whether the exchange knows the symbol at `now`. */
  isKnown(now: EpochMs): boolean;
  isTrading(now: EpochMs): boolean;
  series(key: SeriesKey): Series;
  /** What was traded, up to the last whole second before `range.to`. */
  trading(range: TimeRange): Trading | undefined;
  /** The last instant up to `now` at which it was traded. */
  lastTraded(now: EpochMs): EpochMs | undefined;
  /** Price of the last trade up to `now`. */
  lastPrice(now: EpochMs): string | undefined;
}

import { type Interval, intervalMs } from "../../core/interval.ts";
import type { TimeRange } from "../../core/time.ts";
import type { Candle } from "./candle.ts";
import { drawnStepMs } from "./merge_candles.ts";

export interface IntervalChoice {
  /** The requested interval. */
  readonly interval: Interval;
  /** Shortest first. */
  readonly intervals: readonly Interval[];
  /** Whether `interval` is kept, whatever the number of candles. */
  readonly isPinned: boolean;
  /** Maximum number of candles in view. */
  readonly most: number;
}

/** The requested interval, or the shortest longer one with at most `most` candles in view. */
export function drawnInterval(spanMs: number, choice: IntervalChoice): Interval {
  const { interval, intervals, isPinned, most } = choice;
  if (isPinned) return interval;
  const longer = intervals.filter((one) => intervalMs(one) >= intervalMs(interval));
  // A window has free space after the newest candle, so slightly more than `most` slots are
  // allowed.
  const fits = longer.find((one) => spanMs / drawnStepMs(one) <= most * 1.04);
  return fits ?? longer.at(-1) ?? interval;
}

/** Candles in `range` and half as many on each side, at most `most`. */
export function sliceAround(
  candles: readonly Candle[],
  { from, to }: TimeRange,
  most: number,
): readonly Candle[] {
  const first = lowerBound(candles, from);
  const end = lowerBound(candles, to);
  const inView = end - first;
  const side = Math.max(0, Math.min(Math.ceil(inView / 2), Math.floor((most - inView) / 2)));
  return candles.slice(Math.max(0, first - side), end + side);
}

/** Index of the first candle at or after `time`. */
export function lowerBound(candles: readonly Candle[], time: number): number {
  let [low, high] = [0, candles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (candles[middle]!.openTime < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

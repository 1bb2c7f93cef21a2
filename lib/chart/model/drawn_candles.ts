import type { TimeRange } from "../../core/time.ts";
import type { Candle } from "./candle.ts";

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

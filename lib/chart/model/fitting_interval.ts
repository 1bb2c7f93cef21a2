import { countWhole, type Interval, intervalMs } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";

/** An interval with stored candles. */
export interface HeldInterval {
  readonly interval: Interval;
  readonly firstOpenTime: EpochMs | undefined;
}

export interface IntervalChoice {
  /** The interval in the address. */
  readonly interval: Interval;
  /** The symbol's series, in any order. */
  readonly held: readonly HeldInterval[];
  /** Keeps `interval`, however many candles the range has. */
  readonly isPinned: boolean;
  /** Candles in view at most. */
  readonly most: number;
}

/**
 * The interval at which a chart shows `range`: the one in the address or, where that has more than
 * `most` whole candles in the range, the shortest longer one that has not. Only series that reach
 * back as far as the range count. Pages, links and running charts all use this rule.
 */
export function fittingInterval(range: TimeRange, choice: IntervalChoice): Interval {
  const { interval, held, isPinned, most } = choice;
  const own = held.find((one) => one.interval === interval);
  const from = Math.max(range.from, own?.firstOpenTime ?? 0);
  const fits = (one: Interval) => countWhole({ from, to: range.to }, one) <= most;
  if (isPinned || fits(interval)) return interval;
  const longer = held
    .filter((one) => intervalMs(one.interval) > intervalMs(interval))
    .filter((one) => (one.firstOpenTime ?? Infinity) < from + intervalMs(one.interval))
    .map((one) => one.interval)
    .sort((a, b) => intervalMs(a) - intervalMs(b));
  return longer.find(fits) ?? longer.at(-1) ?? interval;
}

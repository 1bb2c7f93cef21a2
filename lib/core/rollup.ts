import { endOf, type Interval, intervalMs, INTERVALS, isOnGrid } from "./interval.ts";
import type { Kline, KlineColumn } from "./kline.ts";
import { DAY_MS } from "./time.ts";

/**
 * Reasons for a candle to differ from the sum of its parts although the exchange confirms both:
 * candles that open off the grid, an outage in mid-candle, trades that only one of them has, or
 * other prices.
 */
export const ROLLUP_CAUSES = ["off_grid", "outage", "late_trades", "exchange"] as const;

export type RollupCause = typeof ROLLUP_CAUSES[number];

/** The grids of longer intervals do not divide any other. */
const LONGEST_BASE = INTERVALS.indexOf("1d");

/** Tells whether candles of `base` add up to candles of `interval`. */
export function divides(base: Interval, interval: Interval): boolean {
  const isShorter = INTERVALS.indexOf(base) < INTERVALS.indexOf(interval);
  if (!isShorter || INTERVALS.indexOf(base) > LONGEST_BASE) return false;
  const whole = INTERVALS.indexOf(interval) > LONGEST_BASE ? DAY_MS : intervalMs(interval);
  return whole % intervalMs(base) === 0;
}

/** The longest of `stored` whose candles add up to candles of `interval`. */
export function longestBase(
  interval: Interval,
  stored: readonly Interval[],
): Interval | undefined {
  return INTERVALS.findLast((base) => stored.includes(base) && divides(base, interval));
}

/** The interval whose candles prove those of `interval`: a common one, if it is stored. */
export function proofBase(interval: Interval, stored: readonly Interval[]): Interval | undefined {
  const usual = usualBase(interval);
  return stored.includes(usual) && divides(usual, interval) ? usual : longestBase(interval, stored);
}

function usualBase(interval: Interval): Interval {
  const at = INTERVALS.indexOf(interval);
  if (at > INTERVALS.indexOf("1d")) return "1d";
  if (at > INTERVALS.indexOf("1h")) return "1h";
  return at > INTERVALS.indexOf("1m") ? "1m" : "1s";
}

/** Candles of `base` in one of `interval`; for `1M` in the longest month. */
export function partsIn(base: Interval, interval: Interval): number {
  const length = interval === "1M" ? 31 * DAY_MS : intervalMs(interval);
  return length / intervalMs(base);
}

const PRICES: readonly KlineColumn[] = ["open_price", "high_price", "low_price", "close_price"];

/** A candle, its parts, and how they differ. */
export interface RollupEvidence {
  readonly interval: Interval;
  readonly base: Interval;
  readonly candle: Kline;
  readonly parts: readonly Kline[];
  /** Columns in which the candle differs from the sum of its parts. */
  readonly columns: readonly KlineColumn[];
  /** Set when an outage of the exchange overlaps the candle. */
  readonly hasOutage: boolean;
}

/** The reason why a candle differs from its parts, both as the exchange has them. */
export function causeOf(
  { interval, base, candle, parts, columns, hasOutage }: RollupEvidence,
): RollupCause {
  if (parts.some(({ openTime }) => !isOnGrid(openTime, base))) return "off_grid";
  // After an outage in mid-candle, close times are arbitrary.
  const isCut = (kline: Kline, of: Interval) => kline.closeTime !== endOf(kline.openTime, of) - 1;
  if (hasOutage || isCut(candle, interval) || parts.some((part) => isCut(part, base))) {
    return "outage";
  }
  return columns.some((column) => PRICES.includes(column)) ? "exchange" : "late_trades";
}

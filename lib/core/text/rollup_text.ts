import type { Interval } from "../interval.ts";
import { numberText } from "./number_text.ts";
import type { RollupCause } from "../rollup.ts";

/** Counts of a comparison of candles with the sums of shorter ones. */
export interface RollupCounts {
  readonly interval: Interval;
  readonly base: Interval;
  readonly compared: number;
  readonly differing: number;
}

/** `4h = Σ 1h: 20,327 of 20,330, 3 differ` */
export function rollupText({ interval, base, compared, differing }: RollupCounts): string {
  const [equal, all] = [compared - differing, compared].map((count) => numberText(count, 0));
  const rest = differing === 0 ? "" : `, ${numberText(differing, 0)} differ`;
  return `${interval} = Σ ${base}: ${equal} of ${all}${rest}`;
}

/** Causes of confirmed differences, in words. */
export const ROLLUP_CAUSE_WORDS: Readonly<Record<RollupCause, string>> = {
  off_grid: "parts open off the grid",
  outage: "outage in mid-candle",
  late_trades: "trades added to one interval only",
  exchange: "other prices at the exchange",
};

import type { GapClass } from "../../core/gaps.ts";
import { countWhole, endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";

/** Class of a gap; `unexplained` when the ledger does not contain it yet. */
export type ChartGapClass = GapClass | "unexplained";

/** A range without candles, `[from, to)`. */
export interface ChartGap extends TimeRange {
  /** Whole candles. */
  readonly missing: number;
  readonly class: ChartGapClass;
}

/** Label of each class. */
export const GAP_REASON: Record<ChartGapClass, string> = {
  not_listed: "not listed yet",
  exchange_outage: "exchange outage",
  pending: "refetch pending",
  delisted: "not traded",
  unexplained: "not classified yet",
};

/**
 * Gaps between candles with ascending `openTimes`: those in `known`, and any other distance of more
 * than one candle.
 */
export function gapsAmong(
  openTimes: readonly EpochMs[],
  interval: Interval,
  known: readonly ChartGap[],
): ChartGap[] {
  const gaps: ChartGap[] = [];
  const [first, last] = [openTimes[0] ?? Infinity, openTimes.at(-1) ?? -Infinity];
  gaps.push(...known.filter(({ from, to }) => to > first && from < last));
  openTimes.forEach((openTime, i) => {
    const from = endOf(openTime, interval);
    const to = openTimes[i + 1];
    if (to === undefined || countWhole({ from, to }, interval) === 0) return;
    if (gaps.some((gap) => gap.from < to && gap.to > from)) return;
    gaps.push({ from, to, missing: countWhole({ from, to }, interval), class: "unexplained" });
  });
  return gaps.sort((a, b) => a.from - b.from);
}

import type { GapClass } from "../../core/gaps.ts";
import { countWhole, endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import { type Candle, withoutImported } from "./candle.ts";

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
 * Gaps among ascending `candles`: those in `known`, and any other range without a candle of the
 * exchange. Imported candles close no gap.
 */
export function gapsAmong(
  candles: readonly Pick<Candle, "openTime" | "isImported">[],
  interval: Interval,
  known: readonly ChartGap[],
): ChartGap[] {
  const [first, last] = [candles[0]?.openTime ?? Infinity, candles.at(-1)?.openTime ?? -Infinity];
  const gaps = known.filter(({ from, to }) => to > first && from < last);
  let from = first;
  const addUntil = (to: EpochMs) => {
    const missing = countWhole({ from, to }, interval);
    if (missing === 0 || gaps.some((gap) => gap.from < to && gap.to > from)) return;
    gaps.push({ from, to, missing, class: "unexplained" });
  };
  for (const { openTime } of withoutImported(candles)) {
    addUntil(openTime);
    from = endOf(openTime, interval);
  }
  if (last > 0) addUntil(endOf(last, interval));
  return gaps.sort((a, b) => a.from - b.from);
}

import type { EpochMs } from "../../core/time.ts";
import { ageText } from "../../core/text/time_text.ts";
import { deltaText, numberText, priceText } from "../../core/text/number_text.ts";

/** A point in a chart. */
export interface ChartPoint {
  readonly time: EpochMs;
  readonly price: number;
}

export interface Measure {
  readonly from: ChartPoint;
  readonly to: ChartPoint;
  /** True if its end still follows the pointer. */
  readonly isOpen?: boolean;
}

/** Describes the distance between two points: change, difference, bars, time. */
export function measureWords(
  { from, to }: Measure,
  { stepMs, decimals }: { readonly stepMs: number; readonly decimals: number },
): { readonly change: string; readonly detail: string } {
  const difference = to.price - from.price;
  const sign = difference < 0 ? "" : "+";
  const bars = Math.round(Math.abs(to.time - from.time) / stepMs);
  return {
    change: from.price > 0 ? deltaText(difference / from.price) : "–",
    detail: [
      difference === 0 ? numberText(0, decimals) : sign + priceText(difference, decimals),
      bars === 1 ? "1 bar" : `${numberText(bars, 0)} bars`,
      ageText(Math.abs(to.time - from.time)),
    ].join(", "),
  };
}

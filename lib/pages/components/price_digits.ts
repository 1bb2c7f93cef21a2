import type { ChartView } from "../../chart/model/chart_view.ts";
import { priceText } from "../../core/text/number_text.ts";

/** The numbers of digits that `styles.css` has a class for. */
const COUNTS = [10, 12, 15, 20, 30];

/** Class of a chart whose axis, readout and table have room for the prices of its bars. */
export function digitsClass({ bars, decimals }: Pick<ChartView, "bars" | "decimals">): string {
  let [low, high] = [Infinity, -Infinity];
  for (const bar of bars) {
    if (bar.low < low) low = bar.low;
    if (bar.high > high) high = bar.high;
  }
  // The highest price has the most digits before the point, the lowest may have the most after it.
  const most = bars.length === 0
    ? 0
    : Math.max(digitsOf(priceText(low, decimals)), digitsOf(priceText(high, decimals)));
  return `digits-${COUNTS.find((count) => count >= most) ?? COUNTS.at(-1)}`;
}

/** Width of a price in digits; points and commas are half as wide. */
function digitsOf(text: string): number {
  const digits = text.replaceAll(/\D/g, "").length;
  return digits + (text.length - digits) / 2;
}

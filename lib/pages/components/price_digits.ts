import type { ChartView } from "../../chart/model/chart_view.ts";
import { priceText } from "../../core/number_text.ts";

/** The numbers of digits that `styles.css` has a class for. */
const COUNTS = [10, 12, 15, 20, 30];

/** Class of a chart whose axis, readout and table have room for the prices of its bars. */
export function digitsClass({ bars, decimals }: Pick<ChartView, "bars" | "decimals">): string {
  const counts = bars.map(({ high, low }) =>
    Math.max(digitsOf(priceText(high, decimals)), digitsOf(priceText(low, decimals)))
  );
  const most = Math.max(...counts, 0);
  return `digits-${COUNTS.find((count) => count >= most) ?? COUNTS.at(-1)}`;
}

/** Width of a price in digits; points and commas are half as wide. */
function digitsOf(text: string): number {
  const digits = text.replaceAll(/\D/g, "").length;
  return digits + (text.length - digits) / 2;
}

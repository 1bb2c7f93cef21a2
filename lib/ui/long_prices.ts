import type { ChartView } from "../chart/chart_view.ts";
import { priceText } from "../chart/number_text.ts";

/** Characters of a price for which the axis and the readout have room. */
const USUAL = 10;

/** Whether a chart's prices take more room than most do. */
export function hasLongPrices({ bars, decimals }: Pick<ChartView, "bars" | "decimals">): boolean {
  const last = bars.at(-1);
  return last !== undefined && priceText(last.close, decimals).length > USUAL;
}

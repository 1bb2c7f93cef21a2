import { percent, yOf } from "../../../chart/model/chart_window.ts";
import { basePrice } from "../../../chart/model/price_line.ts";
import { priceText } from "../../../core/text/number_text.ts";
import { ExtremeLabels, type ExtremeLabelsProps } from "./ExtremeLabels.tsx";

const NAMES = ["highest close", "lowest close"] as const;

/** Labels of charts that draw closes only. */
export function CloseLabels({ window, bars, decimals }: ExtremeLabelsProps) {
  const closes = bars.map((bar) => ({ ...bar, high: bar.close, low: bar.close }));
  const base = window.type === "baseline" ? basePrice(bars, window.from) : undefined;
  return (
    <>
      {base !== undefined && (
        <text class="base-label" x="99.5%" y={percent(yOf(window, base))} dy="-6">
          base {priceText(base, decimals)}
        </text>
      )}
      <ExtremeLabels window={window} bars={closes} decimals={decimals} names={NAMES} />
    </>
  );
}

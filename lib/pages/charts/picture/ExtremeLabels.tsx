import type { ComponentChildren } from "preact";
import type { Candle } from "../../../chart/model/candle.ts";
import {
  anchorAt,
  type ChartWindow,
  percent,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";
import { priceText } from "../../../core/text/number_text.ts";

export interface ExtremeLabelsProps {
  readonly window: ChartWindow;
  readonly bars: readonly Candle[];
  readonly decimals: number;
  /** Words for the highest and the lowest price. */
  readonly names?: readonly [high: string, low: string];
}

/** Labels the exchange's highest and lowest price in the window, next to their candles. */
export function ExtremeLabels(
  { window, bars, decimals, names = ["high", "low"] }: ExtremeLabelsProps,
) {
  const seen = bars.filter(({ openTime, isImported }) =>
    !isImported && openTime >= window.from && openTime <= window.to
  );
  if (seen.length < 2) return null;
  const high = seen.reduce((best, bar) => bar.high > best.high ? bar : best);
  const low = seen.reduce((best, bar) => bar.low < best.low ? bar : best);
  return (
    <g class="extremes">
      <Extreme window={window} time={high.openTime} price={high.high} dy="-6">
        {names[0]} {priceText(high.high, decimals)}
      </Extreme>
      <Extreme window={window} time={low.openTime} price={low.low} dy="14">
        {names[1]} {priceText(low.low, decimals)}
      </Extreme>
    </g>
  );
}

interface ExtremeProps {
  readonly window: ChartWindow;
  readonly time: number;
  readonly price: number;
  readonly dy: string;
  readonly children: ComponentChildren;
}

function Extreme({ window, time, price, dy, children }: ExtremeProps) {
  const x = xOf(window, time);
  const anchor = anchorAt(x);
  return (
    <text
      x={percent(x)}
      y={percent(yOf(window, price))}
      dy={dy}
      dx={anchor === "start" ? "2" : anchor === "end" ? "-2" : undefined}
      text-anchor={anchor}
    >
      {children}
    </text>
  );
}

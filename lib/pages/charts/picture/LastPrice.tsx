import { type Candle, isUp } from "../../../chart/model/candle.ts";
import { type ChartWindow, percent, yOf } from "../../../chart/model/chart_window.ts";
import { priceText } from "../../../core/text/number_text.ts";

export interface LastPriceProps {
  readonly window: ChartWindow;
  readonly last: Candle;
}

/** Dotted, at the newest close. */
export function LastPriceLine({ window, last }: LastPriceProps) {
  if (!isInside(window, last)) return null;
  const y = percent(yOf(window, last.close));
  return <line class={`last-line ${direction(last)}`} x2="100%" y1={y} y2={y} />;
}

/** The newest close on the price axis. */
export function LastPriceTag(
  { window, last, decimals }: LastPriceProps & { readonly decimals: number },
) {
  if (!isInside(window, last)) return null;
  return (
    <svg class={`tag tag-${direction(last)}`} y={percent(yOf(window, last.close))}>
      <rect y="-10" width="100%" height="20" />
      <text x="9" dy=".35em">{priceText(last.close, decimals)}</text>
    </svg>
  );
}

function isInside({ low, high }: ChartWindow, { close }: Candle): boolean {
  return close >= low && close <= high;
}

function direction(last: Candle): "up" | "down" {
  return isUp(last) ? "up" : "down";
}

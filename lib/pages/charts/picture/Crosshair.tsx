import { type Candle, drawnOf } from "../../../chart/model/candle.ts";
import { type ChartWindow, percent, xOf, yOf } from "../../../chart/model/chart_window.ts";
import { priceText } from "../../../core/text/number_text.ts";
import { page } from "../../../chart/session/page_signals.ts";
import { zonedMinute } from "../../../chart/model/zone.ts";

export interface CrosshairProps {
  readonly window: ChartWindow;
  readonly candle: Candle;
}

/** Lines through a candle's close. */
export function CrosshairLines({ window, candle }: CrosshairProps) {
  const x = percent(xOf(window, candle.openTime));
  const y = percent(yOf(window, drawnOf(candle).close));
  return (
    <g class="crosshair">
      <line x1={x} x2={x} y2="100%" />
      <line x2="100%" y1={y} y2={y} />
    </g>
  );
}

/** Its close, on the price axis. */
export function CrosshairPrice(
  { window, candle, decimals }: CrosshairProps & { readonly decimals: number },
) {
  const { close } = drawnOf(candle);
  return (
    <svg class="tag" y={percent(yOf(window, close))}>
      <rect y="-10" width="100%" height="20" />
      <text x="9" dy=".35em">{priceText(close, decimals)}</text>
    </svg>
  );
}

/** Its time, on the time axis; kept inside the axis at both ends. */
export function CrosshairTime({ window, candle }: CrosshairProps) {
  const x = xOf(window, candle.openTime);
  const text = zonedMinute(candle.openTime, page.zone.value);
  const width = text.length + 1;
  const left = -width * Math.min(1, Math.max(0, (x - 0.1) / 0.8));
  return (
    <svg class="tag" x={percent(x)}>
      <rect x={`${left}ch`} y="3" width={`${width}ch`} height="20" />
      <text x={`${left + width / 2}ch`} y="17" text-anchor="middle">{text}</text>
    </svg>
  );
}

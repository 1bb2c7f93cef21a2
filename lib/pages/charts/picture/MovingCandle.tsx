import type { VNode } from "preact";
import { type Candle, drawnOf, isHigher, type Prices } from "../../../chart/model/candle.ts";
import {
  BODY,
  type ChartWindow,
  percent,
  SLOT,
  VOLUME_TOP,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";

export interface MovingCandleProps {
  readonly window: ChartWindow;
  readonly candle: Candle;
  /** The mark of chart types that draw no candles. */
  readonly mark?: VNode | undefined;
}

/** The open candle: outlined, on a shaded column, and labelled `open`. */
export function MovingCandle({ window, candle, mark }: MovingCandleProps) {
  const slot = window.stepMs / (window.to - window.from);
  const x = xOf(window, candle.openTime);
  if (x < 0 || x > 1) return null;
  const prices = drawnOf(candle);
  const { open, high, low, close } = prices;
  const y = (price: number) => percent(clamp(yOf(window, price)));
  const [top, bottom] = [Math.max(open, close), Math.min(open, close)];
  const body = { x: percent(x - slot * BODY / SLOT / 2), width: percent(slot * BODY / SLOT) };
  const volume = Math.min(1, candle.volume / window.peak) * (1 - VOLUME_TOP);
  return (
    <g class={`moving ${isHigher(candle) ? "up" : "down"}`}>
      <rect
        class="moving-wash"
        x={percent(x - slot / 2)}
        width={percent(slot)}
        height="100%"
      />
      {mark ?? (
        <>
          <line x1={percent(x)} x2={percent(x)} y1={y(high)} y2={y(top)} />
          <line x1={percent(x)} x2={percent(x)} y1={y(bottom)} y2={y(low)} />
          <rect
            class="moving-body"
            {...body}
            y={y(top)}
            height={percent(heightOf(window, prices))}
          />
        </>
      )}
      <rect class="moving-volume" {...body} y={percent(1 - volume)} height={percent(volume)} />
      <text x={percent(x)} dy="1.2em" text-anchor="middle">open</text>
    </g>
  );
}

/** At least a line: a price that has not changed still shows. */
function heightOf(window: ChartWindow, { open, close }: Prices): number {
  return Math.max(0.002, Math.abs(clamp(yOf(window, open)) - clamp(yOf(window, close))));
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}

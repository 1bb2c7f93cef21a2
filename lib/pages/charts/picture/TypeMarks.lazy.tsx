import type { VNode } from "preact";
import { type Candle, newestOwn } from "../../../chart/model/candle.ts";
import {
  BODY,
  type ChartWindow,
  isLine,
  percent,
  priceShare,
  SLOT,
  xOf,
  yOf,
} from "../../../chart/model/chart_window.ts";
import { basePrice } from "../../../chart/model/price_line.ts";
import { isApart } from "../../../chart/model/bar_gap.ts";
import { CloseLabels } from "./CloseLabels.tsx";
import { MovingCandle } from "./MovingCandle.tsx";
import type { KlineView } from "../../../chart/plotly/kline_views.ts";

// Marks over the plot of charts whose type is not candles.

export interface TypeMarksProps {
  readonly view: KlineView;
  /** The open candle. */
  readonly moving: Candle | undefined;
  readonly decimals: number;
}

/** Labels that differ from those of candles, and the open candle. */
export function TypeMarks({ view, moving, decimals }: TypeMarksProps) {
  const { window, bars, perBar } = view;
  return (
    <>
      {isLine(window) && <CloseLabels window={window} bars={bars} decimals={decimals} />}
      {moving && perBar === 1 && (
        <MovingCandle window={window} candle={moving} mark={openMark(view, moving)} />
      )}
    </>
  );
}

/** `undefined` for types that draw candles. */
function openMark({ window, bars }: KlineView, candle: Candle): VNode | undefined {
  if (isLine(window)) return <OpenPoint window={window} bars={bars} candle={candle} />;
  return window.type === "bars" ? <OpenBar window={window} candle={candle} /> : undefined;
}

interface OpenMarkProps {
  readonly window: ChartWindow;
  readonly candle: Candle;
}

/** A bar with its ticks. */
function OpenBar({ window, candle }: OpenMarkProps) {
  const { open, high, low, close } = candle;
  const x = xOf(window, candle.openTime);
  const tick = BODY / SLOT / 2 * window.stepMs / (window.to - window.from);
  const y = (price: number) => yText(window, price);
  return (
    <g class="moving-bar">
      <line x1={percent(x)} x2={percent(x)} y1={y(high)} y2={y(low)} />
      <line x1={percent(x - tick)} x2={percent(x)} y1={y(open)} y2={y(open)} />
      <line x1={percent(x)} x2={percent(x + tick)} y1={y(close)} y2={y(close)} />
    </g>
  );
}

/** The price, and a line to it from the close before unless there is a gap. */
function OpenPoint({ window, bars, candle }: OpenMarkProps & Pick<KlineView, "bars">) {
  const last = newestOwn(bars);
  const base = window.type === "baseline" ? basePrice(bars, window.from) : undefined;
  const side = base === undefined ? "line" : candle.close >= base ? "above" : "below";
  const [x, y] = [percent(xOf(window, candle.openTime)), yText(window, candle.close)];
  return (
    <g class={`moving-line side-${side}`}>
      {last && !isApart(last, candle, window.stepMs) && (
        <line
          x1={percent(xOf(window, last.openTime))}
          y1={yText(window, last.close)}
          x2={x}
          y2={y}
        />
      )}
      <circle cx={x} cy={y} r="3" />
    </g>
  );
}

function yText(window: ChartWindow, price: number): string {
  return percent(Math.min(priceShare(window), Math.max(0, yOf(window, price))));
}

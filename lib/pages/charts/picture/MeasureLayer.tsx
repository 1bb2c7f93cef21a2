import { useRef } from "preact/hooks";
import { barAt } from "../../../chart/model/bar_at.ts";
import { type ChartWindow, percent, priceAt, xOf, yOf } from "../../../chart/model/chart_window.ts";
import type { KlineView } from "../../../chart/plotly/kline_views.ts";
import { type ChartPoint, type Measure, measureWords } from "../../../chart/model/measure.ts";
import { page } from "../../../chart/session/page_signals.ts";

export interface MeasureLayerProps {
  readonly view: KlineView;
  readonly decimals: number;
}

/** Layer over the plot while the user measures: one drag or two clicks per measurement. */
export function MeasureLayer({ view, decimals }: MeasureLayerProps) {
  const layer = useRef<HTMLDivElement>(null);
  const measure = page.measure.value;
  if (measure === undefined) return null;
  const place = (event: PointerEvent): ChartPoint => pointUnder(event, layer.current!, view);
  const isOpen = measure === "armed" || measure.isOpen;
  return (
    <div
      class="measure"
      ref={layer}
      onPointerDown={(event) => {
        event.preventDefault();
        layer.current!.setPointerCapture(event.pointerId);
        const point = place(event);
        page.measure.value = measure !== "armed" && measure.isOpen
          ? { ...measure, to: point, isOpen: false }
          : { from: point, to: point, isOpen: true };
      }}
      onPointerMove={(event) => {
        if (measure !== "armed" && isOpen) page.measure.value = { ...measure, to: place(event) };
      }}
      onPointerUp={(event) => {
        if (measure === "armed" || !isOpen) return;
        const to = place(event);
        const hasMoved = to.time !== measure.from.time;
        page.measure.value = { ...measure, to, isOpen: !hasMoved };
      }}
    >
      {measure !== "armed" && (
        <MeasureBox measure={measure} decimals={decimals} window={view.window} />
      )}
    </div>
  );
}

interface MeasureBoxProps {
  readonly window: ChartWindow;
  readonly measure: Measure;
  readonly decimals: number;
}

function MeasureBox({ window, measure, decimals }: MeasureBoxProps) {
  const { from, to } = measure;
  const [x1, x2] = [xOf(window, from.time), xOf(window, to.time)];
  const [y1, y2] = [yOf(window, from.price), yOf(window, to.price)];
  const { change, detail } = measureWords(measure, { stepMs: window.stepMs, decimals });
  const isLow = Math.max(y1, y2) < 0.7;
  const text = {
    x: percent(Math.min(0.86, Math.max(0.14, (x1 + x2) / 2))),
    y: percent(isLow ? Math.max(y1, y2) : Math.min(y1, y2)),
  };
  return (
    <>
      <svg class={`measure-box ${to.price < from.price ? "down" : "up"}`} aria-hidden="true">
        <rect
          x={percent(Math.min(x1, x2))}
          y={percent(Math.min(y1, y2))}
          width={percent(Math.abs(x2 - x1))}
          height={percent(Math.abs(y2 - y1))}
        />
        <line x1={percent(x1)} x2={percent(x2)} y1={percent(y2)} y2={percent(y2)} />
        <text {...text} dy={isLow ? 18 : -22} class="measure-change">{change}</text>
        <text {...text} dy={isLow ? 33 : -7}>{detail}</text>
      </svg>
      <p class="unseen" role="status">{measure.isOpen ? "" : `${change}, ${detail}`}</p>
    </>
  );
}

/** Times snap to candles; prices follow the pointer. */
function pointUnder(event: PointerEvent, layer: HTMLElement, view: KlineView): ChartPoint {
  const box = layer.getBoundingClientRect();
  const { window, bars } = view;
  const x = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  const time = window.from + x * (window.to - window.from);
  return {
    time: barAt(bars, time, window.stepMs)?.openTime ?? time,
    price: priceAt(window, (event.clientY - box.top) / box.height),
  };
}

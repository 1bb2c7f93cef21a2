import type { Candle } from "../model/candle.ts";
import type { Move } from "../model/moved_window.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { applyMove } from "./move_buttons.ts";

/** Candles moved by Shift and an arrow key. */
const FAR = 10;

const KEYS: Readonly<Record<string, Move>> = {
  PageUp: "earlier",
  PageDown: "later",
  "+": "in",
  "=": "in",
  "-": "out",
  "0": "reset",
};

export interface ChartKeysTarget {
  readonly chart: KlineChart;
  readonly pointed: Candle | undefined;
  readonly onPoint: (candle: Candle) => void;
}

/** Handles a key while the chart has the focus; returns whether it did. */
export function applyKey(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  { chart, pointed, onPoint }: ChartKeysTarget,
): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  const move = KEYS[key];
  if (move !== undefined) return applyMove(chart, move) || true;
  const { bars } = chart.view;
  const bar = bars[nextIndex(key, shiftKey, bars, pointed) ?? -1];
  if (bar === undefined) return false;
  bringIntoView(chart, bar);
  onPoint(bar);
  return true;
}

function nextIndex(
  key: string,
  isFar: boolean,
  bars: readonly Candle[],
  current: Candle | undefined,
): number | undefined {
  const last = bars.length - 1;
  const at = bars.findIndex(({ openTime }) => openTime === current?.openTime);
  const within = (index: number) => Math.min(Math.max(index, 0), last);
  const step = isFar ? FAR : 1;
  switch (key) {
    case "ArrowLeft":
      return at < 0 ? last : within(at - step);
    case "ArrowRight":
      return at < 0 ? last : within(at + step);
    case "Home":
      return 0;
    case "End":
      return last;
  }
}

function bringIntoView(chart: KlineChart, { openTime }: Candle): void {
  const { from, to, stepMs } = chart.view.window;
  const span = to - from;
  const show = (from: number) => chart.show({ from, to: from + span });
  if (openTime < from) show(openTime - stepMs);
  if (openTime > to) show(openTime - span + 2 * stepMs);
}

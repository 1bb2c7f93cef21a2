import type { Candle } from "./candle.ts";
import type { KlinePlot } from "./kline_plot.ts";
import { applyMove } from "./move_buttons.ts";

/** Candles that an arrow key passes with Shift. */
const FAR = 10;

const MOVES: Readonly<Record<string, string>> = {
  PageUp: "earlier",
  PageDown: "later",
  "+": "in",
  "=": "in",
  "-": "out",
  "0": "reset",
};

/** Does what a key means while the chart has the focus; returns whether it means anything. */
export function applyKey(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  plot: KlinePlot,
  current: Candle | undefined,
): boolean {
  if (ctrlKey || metaKey || altKey) return false;
  const move = MOVES[key];
  if (move !== undefined) return applyMove(plot, move) || true;
  const index = nextIndex(key, shiftKey, plot.bars, current);
  if (index !== undefined) plot.point(index);
  return index !== undefined;
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

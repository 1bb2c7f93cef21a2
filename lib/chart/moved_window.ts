import type { Candle } from "./candle.ts";
import { type ChartWindow, fitWindow, PLAIN, type PlotShape, windowOf } from "./chart_window.ts";

/** Slots that a window has at least. */
const MIN_SLOTS = 20;
/** Part of the window that a step through time covers. */
const STRIDE = 0.8;

export type WindowMove = "earlier" | "later" | "in" | "out";

/** The window over `from` to `to`, kept inside what `bars` cover, its prices fitted. */
export function windowWithin(
  bars: readonly Candle[],
  { from, to }: { readonly from: number; readonly to: number },
  stepMs: number,
  shape: PlotShape = PLAIN,
): ChartWindow {
  const whole = windowOf(bars, stepMs, shape);
  const span = Math.min(Math.max(to - from, MIN_SLOTS * stepMs), whole.to - whole.from);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, whole.from), whole.to - span);
  return fitWindow(bars, start, start + span, stepMs, shape);
}

/** The window after a move; `undefined` when it would stay where it is. */
export function movedWindow(
  bars: readonly Candle[],
  window: ChartWindow,
  move: WindowMove,
): ChartWindow | undefined {
  const { from, to, stepMs } = window;
  const span = to - from;
  const moved = windowWithin(bars, target(move, from, to, span), stepMs, window);
  const isSame = Math.abs(moved.from - from) < stepMs / 2 && Math.abs(moved.to - to) < stepMs / 2;
  return isSame ? undefined : moved;
}

/** Zooming keeps the newer edge: that is where people look. */
function target(move: WindowMove, from: number, to: number, span: number) {
  switch (move) {
    case "earlier":
      return { from: from - STRIDE * span, to: to - STRIDE * span };
    case "later":
      return { from: from + STRIDE * span, to: to + STRIDE * span };
    case "in":
      return { from: from + span / 2, to };
    case "out":
      return { from: from - span, to };
  }
}

/** The window that follows `old` when newer bars arrive: it moves on if the newest was in view. */
export function followedWindow(
  bars: readonly Candle[],
  old: ChartWindow,
  oldLast: Candle,
): ChartWindow {
  const isAtEnd = oldLast.openTime < old.to;
  const shift = isAtEnd ? bars.at(-1)!.openTime - oldLast.openTime : 0;
  return windowWithin(bars, { from: old.from + shift, to: old.to + shift }, old.stepMs, old);
}

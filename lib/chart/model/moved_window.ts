import type { EpochMs, TimeRange } from "../../core/time.ts";
import { type ChartWindow, wholeRange } from "./chart_window.ts";

/** Minimum number of slots in a window. */
export const MIN_SLOTS_IN_VIEW = 20;
/** Part of the window moved by one step through time. */
const STRIDE = 0.8;

export type WindowMove = "earlier" | "later" | "in" | "out";

/** Limits of the visible range. */
export interface Extent {
  /** Open times of the first and the newest candle. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Distance between two candles in ms. */
  readonly stepMs: number;
}

/** `range`, at least twenty candles long, moved inside the limits. */
export function rangeWithin({ from, to }: TimeRange, extent: Extent): TimeRange {
  const whole = wholeRange(extent.first, extent.last, extent.stepMs);
  const least = MIN_SLOTS_IN_VIEW * extent.stepMs;
  const span = Math.min(Math.max(to - from, least), whole.to - whole.from);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** The range after a move; `undefined` when it would not change. */
export function movedRange(
  range: TimeRange,
  move: WindowMove,
  extent: Extent,
): TimeRange | undefined {
  const { from, to } = range;
  const moved = rangeWithin(target(move, from, to, to - from), extent);
  const half = extent.stepMs / 2;
  const isSame = Math.abs(moved.from - from) < half && Math.abs(moved.to - to) < half;
  return isSame ? undefined : moved;
}

/** Zooming keeps the newer edge in place. */
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

/** Scales the range by `factor`; the time at the fraction `at` of the range stays in place. */
export function zoomedRange(
  { from, to }: TimeRange,
  factor: number,
  at: number,
  extent: Extent,
): TimeRange {
  const whole = wholeRange(extent.first, extent.last, extent.stepMs);
  const least = MIN_SLOTS_IN_VIEW * extent.stepMs;
  const span = Math.min(Math.max((to - from) * factor, least), whole.to - whole.from);
  const fixed = from + (to - from) * at;
  return rangeWithin({ from: fixed - span * at, to: fixed + span * (1 - at) }, extent);
}

/** The range after newer candles have arrived: it moves if the newest one was in view. */
export function followedRange(
  { from, to }: TimeRange,
  oldLast: EpochMs,
  newLast: EpochMs,
): TimeRange {
  const shift = oldLast < to ? newLast - oldLast : 0;
  return { from: from + shift, to: to + shift };
}

/** Whether the newest candle, or the open one after it, is in view. */
export function isAtEnd({ to }: Pick<ChartWindow, "to">, last: EpochMs): boolean {
  return to > last;
}

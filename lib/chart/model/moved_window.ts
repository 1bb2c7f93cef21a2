import type { EpochMs, TimeRange } from "../../core/time.ts";
import { candleRange, type ChartWindow, LEAST_CANDLES, wholeRange } from "./chart_window.ts";

/** Slots that a window has at least, however far the reader zooms in. */
const MIN_SLOTS_IN_VIEW = 20;
/**
 * Share of the candles in view that a step through time passes: the others keep the reader's place.
 */
const STRIDE = 0.8;

/** The moves that links, buttons and keys make. */
export const MOVES = ["earlier", "out", "in", "later", "reset"] as const;
export type Move = typeof MOVES[number];
export type WindowMove = Exclude<Move, "reset">;

/** The stored part of a series, and how it is drawn. */
export interface Extent {
  /** Open time of the first candle. */
  readonly first: EpochMs;
  /** End of the newest candle. */
  readonly end: EpochMs;
  /** Distance of two bars in view. */
  readonly stepMs: number;
  /** Distance of two candles of the shortest interval that zooming in leads to. */
  readonly shortestMs: number;
}

/** The window over everything stored. */
export function wholeExtent({ first, end, stepMs }: Extent): TimeRange {
  return wholeRange(first, end - stepMs, stepMs);
}

/** `range`, no shorter than twenty candles, kept inside the stored part. */
export function rangeWithin({ from, to }: TimeRange, extent: Extent): TimeRange {
  const whole = wholeExtent(extent);
  const least = MIN_SLOTS_IN_VIEW * extent.shortestMs;
  const span = Math.min(Math.max(to - from, least), whole.to - whole.from);
  const middle = (from + to) / 2;
  const start = Math.min(Math.max(middle - span / 2, whole.from), whole.to - span);
  return { from: start, to: start + span };
}

/** The window after a move of the window `range`; `undefined` when it would stay where it is. */
export function movedRange(
  range: TimeRange,
  move: WindowMove,
  extent: Extent,
): TimeRange | undefined {
  const { from, to } = range;
  const moved = rangeWithin(target(move, range, extent.stepMs), extent);
  const half = extent.stepMs / 2;
  const isSame = Math.abs(moved.from - from) < half && Math.abs(moved.to - to) < half;
  return isSame ? undefined : moved;
}

/** Moves by whole bars. Zooming keeps the newer edge, which is where people look. */
function target(move: WindowMove, range: TimeRange, stepMs: number): TimeRange {
  const { from, to } = range;
  const inside = candleRange(range, stepMs);
  const bars = Math.max(1, Math.round((inside.to - inside.from) / stepMs));
  const stride = Math.max(1, Math.round(STRIDE * bars)) * stepMs;
  switch (move) {
    case "earlier":
      return { from: from - stride, to: to - stride };
    case "later":
      return { from: from + stride, to: to + stride };
    case "in": {
      const left = Math.min(bars, Math.max(Math.ceil(bars / 2), LEAST_CANDLES));
      return { from: from + (bars - left) * stepMs, to };
    }
    case "out":
      return { from: from - bars * stepMs, to };
  }
}

/** Scales the range by `factor`; the time at the fraction `at` of the range stays in place. */
export function zoomedRange(
  { from, to }: TimeRange,
  factor: number,
  at: number,
  extent: Extent,
): TimeRange {
  const whole = wholeExtent(extent);
  const least = MIN_SLOTS_IN_VIEW * extent.shortestMs;
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

/** True if the newest candle, or the open one after it, is in view. */
export function isAtEnd({ to }: Pick<ChartWindow, "to">, last: EpochMs): boolean {
  return to > last;
}

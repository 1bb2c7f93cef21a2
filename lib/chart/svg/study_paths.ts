import type { Candle } from "../model/candle.ts";
import { type ChartWindow, priceShare, rsiY, yOf } from "../model/chart_window.ts";
import { hundredth, pair } from "./path_text.ts";
import type { Study, StudyLine } from "../model/study.ts";

/** A line of a study in the units of `toCandlePaths`. */
export interface StudyPath {
  /** Index of the study among those drawn. */
  readonly index: number;
  readonly part: StudyLine["part"];
  readonly path: string;
}

export interface StudyDrawing {
  /** Height of the drawing in its units. */
  readonly height: number;
  /** Maximum number of characters for all lines together. */
  readonly room: number;
}

/**
 * Tolerance of a line in units, which is invisible; larger if the number of characters is limited.
 */
const TOLERANCE = { least: 0.5, step: 1.15, most: 8 } as const;

/**
 * Draws studies of `bars`, each in its pane; parts outside a pane and lines covered by another one
 * are left out. Many lines are drawn with a larger tolerance than few.
 */
export function toStudyPaths(
  studies: readonly Study[],
  bars: readonly Candle[],
  window: ChartWindow,
  { height, room }: StudyDrawing,
): StudyPath[] {
  const lines = studies.flatMap((study, index) =>
    study.lines.filter(({ part }) => part !== "middle" || !isCovered(study, studies))
      .map(({ part, values }) => ({
        index,
        part,
        pieces: piecesOf(toPoints(study, values, { bars, window, height })),
      }))
  );
  const draw = (tolerance: number) =>
    lines.map(({ index, part, pieces }) => ({
      index,
      part,
      path: pieces.map((piece) => toPiece(thinned(piece, tolerance))).join(""),
    }));
  const isFit = (paths: readonly StudyPath[]) =>
    paths.reduce((sum, { path }) => sum + path.length, 0) <= room;
  let tolerance: number = TOLERANCE.least;
  let paths = draw(tolerance);
  while (!isFit(paths) && tolerance < TOLERANCE.most) paths = draw(tolerance *= TOLERANCE.step);
  return paths;
}

/** The middle band of Bollinger bands equals an SMA of the same period. */
function isCovered({ overlay }: Study, studies: readonly Study[]): boolean {
  return studies.some((other) =>
    other.overlay.kind === "sma" && other.overlay.period === overlay.period
  );
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

interface PlottedBars {
  readonly bars: readonly Candle[];
  readonly window: ChartWindow;
  readonly height: number;
}

function toPoints(
  { overlay }: Study,
  values: StudyLine["values"],
  { bars, window, height }: PlottedBars,
): (Point | undefined)[] {
  const isRsi = overlay.kind === "rsi";
  const bottom = priceShare(window);
  return values.map((value, i) => {
    if (value === undefined) return undefined;
    const y = isRsi ? rsiY(value) : yOf(window, value);
    if (!isRsi && (y < 0 || y > bottom)) return undefined;
    return { x: (bars[i]!.openTime - window.from) / window.stepMs, y: y * height };
  });
}

function piecesOf(points: readonly (Point | undefined)[]): Point[][] {
  const pieces: Point[][] = [];
  points.forEach((point, i) => {
    if (point === undefined) return;
    if (points[i - 1] === undefined) pieces.push([]);
    pieces.at(-1)!.push(point);
  });
  return pieces.filter(({ length }) => length > 1);
}

/** Whole units, each relative to the previous one. */
export function toPiece(points: readonly Point[]): string {
  return points.map(({ x, y }, i) => {
    const pen = points[i - 1];
    if (pen === undefined) return `M${pair(hundredth(x), y)}`;
    return `${i === 1 ? "l" : " "}${pair(hundredth(x - pen.x), y - pen.y)}`;
  }).join("");
}

/**
 * A line with few points, at whole heights, that passes all of `points` within `tolerance` (plus
 * the half unit of rounding): each segment is as long as possible.
 */
export function thinned(points: readonly Point[], tolerance: number): Point[] {
  const [first, ...rest] = points;
  if (first === undefined) return [];
  let pen: Point = { x: first.x, y: Math.round(first.y) };
  let reached = pen;
  let slopes = ANY;
  const kept = [pen];
  for (const point of rest) {
    slopes = narrowed(slopes, pen, point, tolerance);
    if (slopes.low > slopes.high) {
      kept.push(pen = reached);
      slopes = narrowed(ANY, pen, point, tolerance);
    }
    const run = point.x - pen.x;
    const slope = Math.min(slopes.high, Math.max(slopes.low, (point.y - pen.y) / run));
    reached = { x: point.x, y: Math.round(pen.y + slope * run) };
  }
  return reached === pen ? kept : [...kept, reached];
}

/** Slopes of lines that pass all points so far. */
interface Slopes {
  readonly low: number;
  readonly high: number;
}

const ANY: Slopes = { low: -Infinity, high: Infinity };

function narrowed({ low, high }: Slopes, pen: Point, { x, y }: Point, tolerance: number): Slopes {
  const run = x - pen.x;
  return {
    low: Math.max(low, (y - tolerance - pen.y) / run),
    high: Math.min(high, (y + tolerance - pen.y) / run),
  };
}

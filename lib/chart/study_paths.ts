import type { Candle } from "./candle.ts";
import { MARKS_HEIGHT } from "./candle_paths.ts";
import { type ChartWindow, priceShare, rsiY, SLOT, yOf } from "./chart_window.ts";
import type { Study, StudyLine } from "./study.ts";

/** A line of a study in the units of `toCandlePaths`. */
export interface StudyPath {
  readonly part: StudyLine["part"];
  readonly path: string;
}

/** Draws a study of `bars`, in its pane; what lies outside of it is left out. */
export function toStudyPaths(
  { overlay, lines }: Study,
  bars: readonly Candle[],
  window: ChartWindow,
): StudyPath[] {
  const isRsi = overlay.kind === "rsi";
  const bottom = priceShare(window);
  const y = (value: number) => {
    const share = isRsi ? rsiY(value) : yOf(window, value);
    return isRsi || (share >= 0 && share <= bottom) ? share * MARKS_HEIGHT : undefined;
  };
  const x = ({ openTime }: Candle) => (openTime - window.from) / window.stepMs * SLOT;
  return lines.map(({ part, values }) => {
    const points = values.map((value, i) => {
      const height = value === undefined ? undefined : y(value);
      return height === undefined ? undefined : { x: x(bars[i]!), y: height };
    });
    return { part, path: piecesOf(points).map(toPiece).join("") };
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
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

/** Whole units, each relative to the one before. */
function toPiece(points: readonly Point[]): string {
  const rounded = thinned(points).map(({ x, y }) => [Math.round(x), Math.round(y)] as const);
  const [[startX, startY], ...rest] = rounded as [readonly [number, number]];
  let [penX, penY, path] = [startX, startY, `M${startX} ${startY}l`];
  (rest as (readonly [number, number])[]).forEach(([x, y], i) => {
    const [dx, dy] = [x - penX, y - penY];
    path += `${i > 0 && dx >= 0 ? " " : ""}${dx}${dy < 0 ? "" : " "}${dy}`;
    [penX, penY] = [x, y];
  });
  return path;
}

/** A line may pass a point it leaves out by this many units, which nobody sees. */
const TOLERANCE = 0.7;

/** The points that make the shape of a line (Douglas and Peucker's way). */
export function thinned(points: readonly Point[], tolerance = TOLERANCE): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return [...points];
  let [farthest, distance] = [0, tolerance];
  points.forEach(({ x, y }, i) => {
    const onLine = first.y + (last.y - first.y) * (x - first.x) / (last.x - first.x || 1);
    if (Math.abs(y - onLine) > distance) [farthest, distance] = [i, Math.abs(y - onLine)];
  });
  if (farthest === 0) return [first, last];
  const left = thinned(points.slice(0, farthest + 1), tolerance);
  return [...left.slice(0, -1), ...thinned(points.slice(farthest), tolerance)];
}

import { type Candle, isUp } from "../model/candle.ts";
import { type ChartWindow, VOLUME_TOP, yOf } from "../model/chart_window.ts";
import { hundredth, pair, short } from "./path_text.ts";
import { toVolumeSteps } from "../model/volume_steps.ts";

/** Few paths for many candles: one per kind of mark, consisting of vertical lines. */
export interface CandlePaths {
  /** Width of the drawing in its own units, one per candle. */
  readonly width: number;
  readonly upWicks: string;
  readonly downWicks: string;
  /** Lines with the width of a body; at least 1 long. */
  readonly upBodies: string;
  readonly downBodies: string;
  /** One area, measured upwards from the bottom of the drawing. */
  readonly volume: string;
}

/**
 * Draws candles and volume in whole units of a drawing `height` units high. Each mark is relative
 * to the previous one, which makes numbers short.
 */
export function toCandlePaths(
  candles: readonly Candle[],
  window: ChartWindow,
  height: number,
): CandlePaths {
  const x = ({ openTime }: Candle) => hundredth((openTime - window.from) / window.stepMs);
  const y = (price: number) => Math.round(yOf(window, price) * height);
  const wick = (candle: Candle): Mark => {
    const [top, end] = [y(candle.high), y(candle.low)];
    return { x: x(candle), y: top, end, draw: `v${end - top}` };
  };
  const body = (candle: Candle): Mark => {
    const top = y(Math.max(candle.open, candle.close));
    const end = y(Math.min(candle.open, candle.close)) + 1;
    return { x: x(candle), y: top, end, draw: `v${end - top}` };
  };
  const up = candles.filter(isUp);
  const down = candles.filter((candle) => !isUp(candle));
  return {
    width: hundredth((window.to - window.from) / window.stepMs),
    upWicks: toPath(up.filter(hasWick).map(wick)),
    downWicks: toPath(down.map(wick)),
    upBodies: toPath(up.map(body)),
    downBodies: toPath(down.map(body)),
    volume: toArea(candles, window, height),
  };
}

/** Number of characters in the page. */
export function charactersOf({ width: _, ...paths }: CandlePaths): number {
  return Object.values(paths).reduce((sum, path) => sum + path.length, 0);
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly draw: string;
  /** Position of the pen afterwards. */
  readonly end: number;
}

function toPath(marks: readonly Mark[]): string {
  let [penX, penY] = [0, 0];
  return marks.map(({ x, y, draw, end }, i) => {
    const move = i === 0 ? `M${pair(x, y)}` : `m${pair(hundredth(x - penX), y - penY)}`;
    [penX, penY] = [x, end];
    return move + draw;
  }).join("");
}

function toArea(candles: readonly Candle[], window: ChartWindow, height: number): string {
  const { stepMs, from, peak } = window;
  const x = (time: number) => hundredth((time - from) / stepMs);
  const y = (volume: number) => Math.round(volume / peak * (1 - VOLUME_TOP) * height);
  const [first, ...steps] = toVolumeSteps(candles, stepMs);
  if (first === undefined) return "";
  let [time, penX, penY] = [first.time, x(first.time), 0];
  const rises = steps.map((step) => {
    const edge = x((time + step.time) / 2);
    const [dx, dy] = [hundredth(edge - penX), y(step.volume) - penY];
    time = step.time;
    if (dy === 0) return "";
    [penX, penY] = [edge, penY + dy];
    return `h${short(dx)}v${dy}`;
  });
  return `M${pair(x(first.time), 0)}${rises.join("")}z`;
}

function hasWick({ high, low }: Candle): boolean {
  return high > low;
}

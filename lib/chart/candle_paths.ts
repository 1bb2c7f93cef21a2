import { type Candle, isUp } from "./candle.ts";
import { type ChartWindow, VOLUME_TOP, yOf } from "./chart_window.ts";
import { hundredth, pair } from "./path_text.ts";

/** Few paths for many candles, all of upright lines: each kind of mark is one. */
export interface CandlePaths {
  /** Width of the drawing in its own units, one for each candle. */
  readonly width: number;
  readonly upWicks: string;
  readonly downWicks: string;
  /** Lines to be drawn as wide as a body; never shorter than 1. */
  readonly upBodies: string;
  readonly downBodies: string;
  /** As wide, measured upwards from the bottom of the drawing. */
  readonly upVolume: string;
  readonly downVolume: string;
}

/**
 * Draws candles and volume in whole units of a drawing `height` units high, each mark relative to
 * the one before: short numbers.
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
  const volume = (candle: Candle): Mark => {
    const share = candle.volume / window.peak * (1 - VOLUME_TOP);
    return { x: x(candle), y: Math.round(share * height), end: 0, draw: "V0" };
  };
  const up = candles.filter(isUp);
  const down = candles.filter((candle) => !isUp(candle));
  return {
    width: hundredth((window.to - window.from) / window.stepMs),
    upWicks: toPath(up.filter(hasWick).map(wick)),
    downWicks: toPath(down.map(wick)),
    upBodies: toPath(up.map(body)),
    downBodies: toPath(down.map(body)),
    upVolume: toPath(up.filter(hasVolume).map(volume)),
    downVolume: toPath(down.filter(hasVolume).map(volume)),
  };
}

/** What they take of a page. */
export function charactersOf({ width: _, ...paths }: CandlePaths): number {
  return Object.values(paths).reduce((sum, path) => sum + path.length, 0);
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly draw: string;
  /** Where the pen is afterwards. */
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

function hasWick({ high, low }: Candle): boolean {
  return high > low;
}

function hasVolume({ volume }: Candle): boolean {
  return volume > 0;
}

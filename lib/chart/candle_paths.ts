import { type Candle, isUp } from "./candle.ts";
import { BODY, type ChartWindow, SLOT, VOLUME_TOP, yOf } from "./chart_window.ts";

/** Height of the drawing in its own units; its width follows from the window. */
export const MARKS_HEIGHT = 480;

/** Few paths for many candles: each kind of mark is one. */
export interface CandlePaths {
  /** Width of the drawing in units, `SLOT` for each candle. */
  readonly width: number;
  readonly upWicks: string;
  readonly downWicks: string;
  readonly upBodies: string;
  readonly downBodies: string;
  /** Lines to be drawn as wide as a body, measured upwards from the bottom of the drawing. */
  readonly upVolume: string;
  readonly downVolume: string;
}

/** Draws candles and volume in whole units, each mark relative to the one before: short numbers. */
export function toCandlePaths(
  candles: readonly Candle[],
  window: ChartWindow,
): CandlePaths {
  const unitMs = window.stepMs / SLOT;
  const x = (candle: Candle) => round((candle.openTime - window.from) / unitMs);
  const y = (price: number) => Math.round(yOf(window, price) * MARKS_HEIGHT);
  const wick = (candle: Candle): Mark => {
    const top = y(candle.high);
    return { x: x(candle), y: top, draw: `v${y(candle.low) - top}`, toY: y(candle.low) };
  };
  const body = (candle: Candle): Mark => {
    const top = y(Math.max(candle.open, candle.close));
    const height = Math.max(1, y(Math.min(candle.open, candle.close)) - top);
    return { x: round(x(candle) - BODY / 2), y: top, draw: `h${BODY}v${height}h-${BODY}z` };
  };
  const volume = (candle: Candle): Mark => {
    const height = Math.round(candle.volume / window.peak * (1 - VOLUME_TOP) * MARKS_HEIGHT);
    return { x: x(candle), y: height, draw: "V0", toY: 0 };
  };
  const up = candles.filter(isUp);
  const down = candles.filter((candle) => !isUp(candle));
  return {
    width: Math.round((window.to - window.from) / unitMs),
    upWicks: toPath(up.filter(hasWick).map(wick)),
    downWicks: toPath(down.map(wick)),
    upBodies: toPath(up.map(body)),
    downBodies: toPath(down.map(body)),
    upVolume: toPath(up.filter(hasVolume).map(volume)),
    downVolume: toPath(down.filter(hasVolume).map(volume)),
  };
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly draw: string;
  /** Where the pen is afterwards, when not where it began. */
  readonly toY?: number;
}

function toPath(marks: readonly Mark[]): string {
  let [penX, penY] = [0, 0];
  return marks.map(({ x, y, draw, toY }, i) => {
    const move = i === 0 ? `M${x} ${y}` : `m${pair(round(x - penX), y - penY)}`;
    [penX, penY] = [x, toY ?? y];
    return move + draw;
  }).join("");
}

/** A minus sign separates numbers by itself. */
function pair(x: number, y: number): string {
  return y < 0 ? `${x}${y}` : `${x} ${y}`;
}

function round(units: number): number {
  return Math.round(units * 10) / 10;
}

function hasWick({ high, low }: Candle): boolean {
  return high > low;
}

function hasVolume({ volume }: Candle): boolean {
  return volume > 0;
}

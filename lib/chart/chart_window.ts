import type { EpochMs } from "../core/time.ts";
import type { Candle } from "./candle.ts";

/** The part of time and price that a chart shows. */
export interface ChartWindow {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly low: number;
  readonly high: number;
  /** Volume at the top of its pane. */
  readonly peak: number;
  /** Distance of two candles. */
  readonly stepMs: number;
}

/** Shares of the plot's height: prices above, a gap, volume below. */
export const PRICE_SHARE = 0.809;
export const VOLUME_TOP = 0.83;

/** A candle is six units wide: body five, gap one. Its time is the middle of its body. */
export const SLOT = 6;
export const BODY = 5;
const CENTRE = BODY / 2 / SLOT;

/** Slots left free after the newest candle, and the fewest slots a chart has. */
const FREE_SLOTS = 5;
const MIN_SLOTS = 40;

/** Share of the price range left free above and below. */
const PAD = 0.07;

/** The window that shows all of `candles`, at least one. */
export function windowOf(candles: readonly Candle[], stepMs: number): ChartWindow {
  const last = candles.at(-1)!.openTime + (1 - CENTRE + FREE_SLOTS) * stepMs;
  const first = candles[0]!.openTime - CENTRE * stepMs;
  return fitWindow(candles, Math.min(first, last - MIN_SLOTS * stepMs), last, stepMs);
}

/** The window over `from` to `to` whose prices fit the candles in it. */
export function fitWindow(
  candles: readonly Candle[],
  from: EpochMs,
  to: EpochMs,
  stepMs: number,
): ChartWindow {
  const half = stepMs / 2;
  const seen = candles.filter(({ openTime }) => openTime > from - half && openTime < to + half);
  if (seen.length === 0) return { from, to, low: 0, high: 1, peak: 1, stepMs };
  let [low, high, peak] = [Infinity, -Infinity, 0];
  for (const candle of seen) {
    low = Math.min(low, candle.low);
    high = Math.max(high, candle.high);
    peak = Math.max(peak, candle.volume);
  }
  const pad = high > low ? (high - low) * PAD : high * 0.01 || 1;
  return { from, to, low: low - pad, high: high + pad, peak: peak || 1, stepMs };
}

/** Fraction of the plot's width at which `time` lies. */
export function xOf({ from, to }: ChartWindow, time: EpochMs): number {
  return (time - from) / (to - from);
}

/** Fraction of the plot's height, from the top, at which `price` lies. */
export function yOf({ low, high }: ChartWindow, price: number): number {
  return (high - price) / (high - low) * PRICE_SHARE;
}

/** Least distance of two texts on the price axis, as a fraction of the plot's height. */
const TEXT_HEIGHT = 0.035;

/** Whether texts at these prices would touch. */
export function isNear(window: ChartWindow, a: number, b: number): boolean {
  return Math.abs(yOf(window, a) - yOf(window, b)) < TEXT_HEIGHT;
}

/** `12.34%`, for SVG attributes. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 1e4) / 100}%`;
}

import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { ChartType } from "../../core/chart_address.ts";
import { type Candle, drawnOf } from "./candle.ts";
import type { Study } from "./study.ts";

/** Price scale and panes of the plot. */
export interface PlotShape {
  readonly isLog: boolean;
  /** True if there is an RSI pane between prices and volume. */
  readonly hasRsi: boolean;
  /** Way to draw prices. */
  readonly type: ChartType;
}

export const PLAIN: PlotShape = { isLog: false, hasRsi: false, type: "candles" };

/** The visible range of time and price. */
export interface ChartWindow extends PlotShape {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly low: number;
  readonly high: number;
  /** Volume at the top of its pane. */
  readonly peak: number;
  /** Distance between two candles in ms. */
  readonly stepMs: number;
}

/** True if closes alone are drawn. */
export function isLine({ type }: Pick<PlotShape, "type">): boolean {
  return type === "line" || type === "area" || type === "baseline";
}

/** Shares of the plot's height: prices at the top, a gap, volume at the bottom. */
export const PRICE_SHARE = 0.809;
export const VOLUME_TOP = 0.83;
/** The RSI pane takes its height from the price pane. */
export const RSI_TOP = 0.655;
const PRICE_SHARE_OVER_RSI = 0.635;

/** Price pane's share of the plot's height. */
export function priceShare({ hasRsi }: PlotShape): number {
  return hasRsi ? PRICE_SHARE_OVER_RSI : PRICE_SHARE;
}

/** A candle is six units wide: body five, gap one. Its time is at the centre of the body. */
export const SLOT = 6;
export const BODY = 5;
const CENTRE = BODY / 2 / SLOT;

/** Free slots after the newest candle, and the minimum number of slots. */
const FREE_SLOTS = 5;
const MIN_SLOTS = 40;
/** Candles of the window with the fewest slots. */
export const LEAST_CANDLES = MIN_SLOTS - FREE_SLOTS;

/** Share of the price range left free at the top and bottom. */
const PAD = 0.07;

/**
 * The time range of candles from `first` to `last` (open times), with free space after the newest.
 */
export function wholeRange(first: EpochMs, last: EpochMs, stepMs: number): TimeRange {
  const to = last + (1 - CENTRE + FREE_SLOTS) * stepMs;
  return { from: Math.min(first - CENTRE * stepMs, to - MIN_SLOTS * stepMs), to };
}

/** The candles that a window is for, from the first open time to the end: reverses `wholeRange`. */
export function candleRange({ from, to }: TimeRange, stepMs: number): TimeRange {
  return {
    from: Math.round(from + CENTRE * stepMs),
    to: Math.round(to + (CENTRE - FREE_SLOTS) * stepMs),
  };
}

/** Data that a window is fitted to. */
export interface DrawnBars {
  /** Ascending. */
  readonly bars: readonly Candle[];
  /** Distance between two bars in ms. */
  readonly stepMs: number;
  /** Overlays with one value per bar. */
  readonly studies?: readonly Study[];
  readonly shape?: PlotShape;
}

/** The window that shows all bars, at least one. */
export function windowOf(drawn: DrawnBars): ChartWindow {
  const { bars, stepMs } = drawn;
  return fitWindow(drawn, wholeRange(bars[0]!.openTime, bars.at(-1)!.openTime, stepMs));
}

/** The window from `from` to `to` with prices fitted to its bars and overlays. */
export function fitWindow(
  { bars, stepMs, studies = [], shape: { isLog, ...shape } = PLAIN }: DrawnBars,
  { from, to }: TimeRange,
): ChartWindow {
  const half = stepMs / 2;
  const rest = { from, to, stepMs, ...shape };
  let [low, high, peak] = [Infinity, -Infinity, 0];
  let [least, most] = [Infinity, -Infinity];
  const lines = priceLines(studies);
  bars.forEach((bar, i) => {
    if (bar.openTime <= from - half || bar.openTime >= to + half) return;
    const prices = drawnOf(bar);
    low = Math.min(low, prices.low);
    high = Math.max(high, prices.high);
    peak = Math.max(peak, bar.volume || 0);
    for (const values of lines) {
      const value = values[i];
      // A band below zero has no logarithm: it is left out and does not affect the fit.
      if (value === undefined || (isLog && value <= 0)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  });
  if (low > high) return { ...rest, low: 0, high: 1, peak: 1, isLog: false };
  const [floor, ceiling] = roomFor(low, high, isLog);
  low = Math.min(low, Math.max(least, floor));
  high = Math.max(high, Math.min(most, ceiling));
  return { ...rest, ...padded(low, high, isLog), peak: peak || 1 };
}

/**
 * Limits how far overlays stretch the price axis: with lines far off on one side, candles keep half
 * of it; on both sides, a third.
 */
function roomFor(low: number, high: number, isLog: boolean): [number, number] {
  if (high === low) return [0, Infinity];
  return isLog && low > 0
    ? [low * low / high, high * high / low]
    : [2 * low - high, 2 * high - low];
}

/** Lines on the price axis. */
function priceLines(studies: readonly Study[]) {
  return studies.filter(({ overlay }) => overlay.kind !== "rsi")
    .flatMap(({ lines }) => lines.map(({ values }) => values));
}

/** The window extended to prices from `low` to `high`. */
export function widened(window: ChartWindow, low: number, high: number): ChartWindow {
  const room = padded(Math.min(low, window.low), Math.max(high, window.high), window.isLog);
  return {
    ...window,
    low: low < window.low ? room.low : window.low,
    high: high > window.high ? room.high : window.high,
  };
}

/** Logarithms require prices above zero. */
function padded(low: number, high: number, wantsLog: boolean) {
  const isLog = wantsLog && low > 0;
  if (high === low) {
    const pad = high * 0.01 || 1;
    return { low: low - pad, high: high + pad, isLog };
  }
  const factor = (high / low) ** PAD;
  if (isLog) return { low: low / factor, high: high * factor, isLog };
  const pad = (high - low) * PAD;
  return { low: low - pad, high: high + pad, isLog };
}

/** Position of `time` as a fraction of the plot's width. */
export function xOf({ from, to }: ChartWindow, time: EpochMs): number {
  return (time - from) / (to - from);
}

/** Position of `price` as a fraction of the plot's height, from the top. */
export function yOf(window: ChartWindow, price: number): number {
  const { low, high, isLog } = window;
  const share = isLog
    ? Math.log(high / price) / Math.log(high / low)
    : (high - price) / (high - low);
  return share * priceShare(window);
}

/** The price at a fraction of the plot's height, the inverse of `yOf`. */
export function priceAt(window: ChartWindow, y: number): number {
  const { low, high, isLog } = window;
  const share = Math.min(1, Math.max(0, y / priceShare(window)));
  return isLog ? high * (low / high) ** share : high - (high - low) * share;
}

/** Position of an RSI of 0 to 100 as a fraction of the plot's height. */
export function rsiY(rsi: number): number {
  return RSI_TOP + (1 - rsi / 100) * (PRICE_SHARE - RSI_TOP);
}

/** Minimum distance between two labels of the price axis, as a fraction of the plot's height. */
const TEXT_HEIGHT = 0.035;

/** True if labels at these prices would overlap. */
export function isNear(window: ChartWindow, a: number, b: number): boolean {
  return Math.abs(yOf(window, a) - yOf(window, b)) < TEXT_HEIGHT;
}

/** Beyond these fractions of the width, a label extends towards the centre. */
const MIDDLE = { from: 0.34, to: 0.66 } as const;

/** Text anchor for a label at a fraction of the plot's width, so that it stays inside on phones. */
export function anchorAt(x: number): "start" | "middle" | "end" {
  return x < MIDDLE.from ? "start" : x > MIDDLE.to ? "end" : "middle";
}

/** `12.34%`, for SVG attributes. */
export function percent(fraction: number): string {
  return `${Math.round(fraction * 1e4) / 100}%`;
}

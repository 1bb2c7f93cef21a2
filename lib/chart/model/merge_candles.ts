import { type Interval, intervalMs } from "../../core/interval.ts";
import { DAY_MS } from "../../core/time.ts";
import type { Candle } from "./candle.ts";

/** Candles that a chart draws at most: more cost time and cannot be told apart. */
export const MAX_DRAWN = 500;

/** Phones: fewer candles, drawn by slower machines, and still fewer in view at a readable width. */
export const NARROW = { media: "(max-width: 640px)", drawn: 200, inView: 60 } as const;

/** Where fingers are to be expected: there, dragging is the page's until it is asked for. */
export const TOUCH_MEDIA = "(pointer: coarse), (max-width: 640px)";

/** Width of a candle on the time axis; a month counts as its mean. */
export function drawnStepMs(interval: Interval): number {
  return interval === "1M" ? 30.4375 * DAY_MS : intervalMs(interval);
}

/** How many candles go into one bar so that no more than `MAX_DRAWN` are drawn. */
export function candlesPerBar(candles: number): number {
  return Math.max(1, Math.ceil(candles / MAX_DRAWN));
}

/**
 * One candle for each stretch of `stepMs` that has any, opening where the stretch begins: for
 * pictures, never for data.
 */
export function mergeCandles(candles: readonly Candle[], stepMs: number): Candle[] {
  const merged: Candle[] = [];
  for (const candle of candles) {
    const openTime = Math.floor(candle.openTime / stepMs) * stepMs;
    const last = merged.at(-1);
    if (last?.openTime === openTime) merged[merged.length - 1] = join(last, candle);
    else merged.push({ ...candle, openTime });
  }
  return merged;
}

function join(a: Candle, b: Candle): Candle {
  return {
    openTime: a.openTime,
    open: a.open,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
    quoteVolume: a.quoteVolume + b.quoteVolume,
    trades: a.trades + b.trades,
    takerBuy: a.takerBuy + b.takerBuy,
  };
}

import { type Interval, intervalMs } from "../../core/interval.ts";
import { DAY_MS } from "../../core/time.ts";
import type { Candle } from "./candle.ts";

/** Maximum number of drawn candles: more are slower and indistinguishable. */
export const MAX_DRAWN = 500;

/** Phones draw more slowly and need wider candles, so fewer are drawn and in view. */
export const NARROW = { media: "(max-width: 640px)", drawn: 200, inView: 60 } as const;

/** Devices with touch input: there, dragging scrolls the page until the user changes that. */
export const TOUCH_MEDIA = "(pointer: coarse), (max-width: 640px)";

/** Width of a candle on the time axis; months have their mean length. */
export function drawnStepMs(interval: Interval): number {
  return interval === "1M" ? 30.4375 * DAY_MS : intervalMs(interval);
}

/** Candles per bar, so that at most `MAX_DRAWN` bars are drawn. */
export function candlesPerBar(candles: number): number {
  return Math.max(1, Math.ceil(candles / MAX_DRAWN));
}

/**
 * Merges the candles of each period of `stepMs` into one that opens at the period's start; for
 * pictures only.
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
    ...a,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: a.volume + b.volume,
    quoteVolume: a.quoteVolume + b.quoteVolume,
    trades: a.trades + b.trades,
    takerBuy: a.takerBuy + b.takerBuy,
    isImported: a.isImported || b.isImported,
  };
}

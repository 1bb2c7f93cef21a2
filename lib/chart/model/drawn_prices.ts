import type { ChartType } from "../../core/chart_address.ts";
import type { Candle, Prices } from "./candle.ts";
import { heikinAshi } from "./heikin_ashi.ts";
import { mergeCandles } from "./merge_candles.ts";
import { isApart } from "./bar_gap.ts";

/** Way to draw bars, and their distance in ms. */
export interface DrawnAs {
  readonly type: ChartType;
  readonly stepMs: number;
}

/**
 * Candles before the first visible one that a type needs. A Heikin-Ashi candle has half of the one
 * before it, so after 64 of them the seed is below the precision of a number.
 */
export function seedsOf(type: ChartType): number {
  return type === "heikin" ? 64 : type === "hollow" ? 1 : 0;
}

/**
 * `candles`, ascending, with the prices that a chart draws. A gap restarts what depends on earlier
 * candles, as it restarts every study. Imported candles are drawn as they are.
 */
export function toDrawn(candles: readonly Candle[], as: DrawnAs): readonly Candle[] {
  if (as.type === "candles" || as.type === "bars") return candles;
  let last: Candle | undefined;
  return candles.map((candle) => candle.isImported ? candle : last = drawnAfter(last, candle, as));
}

/** `candle` with the prices that a chart draws after `last`; also for the open candle. */
export function drawnAfter(
  last: Candle | undefined,
  candle: Candle,
  { type, stepMs }: DrawnAs,
): Candle {
  const before = last && !isApart(last, candle, stepMs) ? last : undefined;
  const { close } = candle;
  switch (type) {
    case "candles":
    case "bars":
      return candle;
    case "heikin":
      return { ...candle, drawn: heikinAshi(candle, before?.drawn) };
    case "hollow":
      return { ...candle, drawn: { ...pricesOf(candle), before: before?.close } };
    case "line":
    case "area":
    case "baseline":
      return { ...candle, drawn: { open: close, high: close, low: close, close } };
  }
}

/**
 * Bars of several of `candles`, which come from `toDrawn`. Heikin-Ashi candles are merged; other
 * types draw merged bars as they draw candles.
 */
export function mergeDrawn(candles: readonly Candle[], as: DrawnAs): readonly Candle[] {
  const bars = mergeCandles(candles, as.stepMs);
  if (as.type !== "heikin") return toDrawn(bars, as);
  const drawn = mergeCandles(candles.map((candle) => ({ ...candle, ...candle.drawn })), as.stepMs);
  return bars.map((bar, i) => ({ ...bar, drawn: pricesOf(drawn[i]!) }));
}

function pricesOf({ open, high, low, close }: Prices): Prices {
  return { open, high, low, close };
}

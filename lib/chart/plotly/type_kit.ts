import type { ChartType } from "../../core/chart_address.ts";
import type { Candle } from "../model/candle.ts";
import type { LoadCandles } from "../model/candle_memory.ts";
import { drawnAfter, mergeDrawn, seedsOf, toDrawn } from "../model/drawn_prices.ts";
import { drawnStepMs } from "../model/merge_candles.ts";
import { baseOf, toTypeTraces } from "./type_traces.ts";

/** Code for chart types other than candles, loaded only by charts that have one. */
export function createTypeKit(type: ChartType) {
  return {
    loader: (load: LoadCandles) => loadDrawn(load, type),
    /** Bars of several candles. */
    merge: (candles: readonly Candle[], stepMs: number) => mergeDrawn(candles, { type, stepMs }),
    /** The candle after the last closed one. */
    after: (last: Candle | undefined, candle: Candle, stepMs: number) =>
      drawnAfter(last, candle, { type, stepMs }),
    baseOf,
    tracesOf: toTypeTraces,
  };
}

/** Loads candles with the prices that the chart draws, which earlier candles can determine. */
export function loadDrawn(load: LoadCandles, type: ChartType): LoadCandles {
  const seeds = seedsOf(type);
  return async (interval, range) => {
    const stepMs = drawnStepMs(interval);
    const before = { from: Math.max(0, range.from - seeds * stepMs), to: range.from };
    const [earlier, candles] = await Promise.all([
      seeds > 0 ? load(interval, before) : [],
      load(interval, range),
    ]);
    return toDrawn([...earlier, ...candles], { type, stepMs }).slice(earlier.length);
  };
}

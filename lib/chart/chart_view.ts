import type { Interval } from "../core/interval.ts";
import type { EpochMs } from "../core/time.ts";
import type { Candle } from "./candle.ts";
import { type Hole, holesAmong } from "./hole.ts";
import { candlesPerBar, drawnStepMs, mergeCandles } from "./merge_candles.ts";
import { priceDecimals } from "./number_text.ts";

/** What a chart of a series shows. */
export interface ChartView {
  readonly interval: Interval;
  /** Stored candles, ascending. */
  readonly candles: readonly Candle[];
  /** What is drawn for them: themselves, or each bar for `perBar` of them. */
  readonly bars: readonly Candle[];
  readonly perBar: number;
  /** Distance of two bars. */
  readonly stepMs: number;
  readonly holes: readonly Hole[];
  /** Decimals of prices, and of volumes. */
  readonly decimals: number;
  readonly volumeDecimals: number;
}

export interface ChartViewSource {
  readonly interval: Interval;
  readonly candles: readonly Candle[];
  readonly knownHoles: readonly Hole[];
  readonly tickSize: string | undefined;
}

export function toChartView(source: ChartViewSource): ChartView {
  const { interval, candles, knownHoles, tickSize } = source;
  const opens: EpochMs[] = candles.map(({ openTime }) => openTime);
  const perBar = candlesPerBar(candles.length);
  const stepMs = perBar * drawnStepMs(interval);
  return {
    interval,
    candles,
    bars: perBar === 1 ? candles : mergeCandles(candles, stepMs),
    perBar,
    stepMs,
    holes: holesAmong(opens, interval, knownHoles),
    decimals: priceDecimals(tickSize, pricesOf(candles)),
    volumeDecimals: priceDecimals(undefined, candles.map(({ volume }) => volume)),
  };
}

function* pricesOf(candles: readonly Candle[]): Generator<number> {
  for (const { open, high, low, close } of candles) yield* [open, high, low, close];
}

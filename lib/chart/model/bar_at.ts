import type { EpochMs } from "../../core/time.ts";
import type { Candle } from "./candle.ts";
import { lowerBound } from "./drawn_candles.ts";

/** The bar whose slot contains `time`; `undefined` in a gap. */
export function barAt(bars: readonly Candle[], time: EpochMs, stepMs: number): Candle | undefined {
  const index = lowerBound(bars, time - stepMs / 2);
  const bar = bars[index];
  return bar !== undefined && bar.openTime <= time + stepMs / 2 ? bar : undefined;
}

import type { KlineColumns } from "../core/kline.ts";
import { type Candle, toCandles } from "./candle.ts";

/** Closed candles from `/api/candles`; the browser asks again with the ETag it has. */
export async function fetchCandles(href: string, signal: AbortSignal): Promise<Candle[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load candles: the server answered ${response.status}`);
  return toCandles(await response.json() as KlineColumns);
}

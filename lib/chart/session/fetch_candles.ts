import type { KlineColumns } from "../../core/kline.ts";
import type { GapClass } from "../../core/gaps.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Hole } from "../model/hole.ts";
import { type Candle, toCandles } from "../model/candle.ts";

/** Closed candles from `/api/candles`; the browser asks again with the ETag it has. */
export async function fetchCandles(href: string, signal: AbortSignal): Promise<Candle[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load candles: the server answered ${response.status}`);
  return toCandles(await response.json() as KlineColumns);
}

/** Holes of a series from `/api/gaps`. */
export async function fetchHoles(href: string, signal: AbortSignal): Promise<Hole[]> {
  const response = await fetch(href, { signal });
  if (!response.ok) throw new Error(`Cannot load holes: the server answered ${response.status}`);
  const { gaps } = await response.json() as { gaps: GapRow[] };
  return gaps.map(({ from, to, missing, class: reason }) => ({ from, to, missing, class: reason }));
}

interface GapRow {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly missing: number;
  readonly class: GapClass;
}

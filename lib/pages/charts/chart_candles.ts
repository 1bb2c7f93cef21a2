import { type Candle, toCandles } from "../../chart/model/candle.ts";
import { fittingInterval, type HeldInterval } from "../../chart/model/fitting_interval.ts";
import { MAX_DRAWN } from "../../chart/model/merge_candles.ts";
import { warmUpOf } from "../../chart/model/study.ts";
import { type Interval, shiftOpen } from "../../core/interval.ts";
import { MAX_CANDLES } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { CandleQuery, KlineReader } from "../../ports/kline_reader.ts";
import type { ChartAddress } from "../../core/chart_address.ts";

/** Candles of a chart without a range in its URL. */
const NEWEST = 300;

/** The candles of one chart. */
export interface ChartCandles {
  readonly candles: readonly Candle[];
  /** Preceding candles that overlays need. */
  readonly before: readonly Candle[];
  /** True if the range has older candles that were not read. */
  readonly isCut: boolean;
}

/** The interval that a page of `address` shows. */
export function shownInterval(
  { interval, from, to, isPinned = false }: ChartAddress,
  held: readonly HeldInterval[],
  serverTime: EpochMs,
): Interval {
  if (from === undefined) return interval;
  const range = { from, to: Math.min(to ?? serverTime, serverTime) };
  return fittingInterval(range, { interval, held, isPinned, most: MAX_DRAWN });
}

/** The newest candles of the range, at the interval `address.interval`. */
export async function readChartCandles(
  reader: KlineReader,
  address: ChartAddress,
): Promise<ChartCandles> {
  const { symbol, interval, from, to, overlays = [] } = address;
  const warmUp = warmUpOf(overlays, interval);
  const newest = { symbol, interval, ...to !== undefined && { to } };
  const read = async (query: CandleQuery) => toCandles(await reader.columns(query));
  if (from === undefined) {
    return cutAt(await read({ ...newest, limit: NEWEST + warmUp }), -NEWEST);
  }
  const limit = MAX_CANDLES + warmUp;
  const start = Math.max(0, shiftOpen(from, interval, -warmUp));
  const isInRange = ({ openTime }: Candle) => openTime >= from;
  const candles = await read({ ...newest, from: start, limit });
  if (candles.length < limit) return cutAt(candles, indexOf(candles, isInRange));
  const last = await read({ ...newest, limit });
  const first = Math.max(last.length - MAX_CANDLES, indexOf(last, isInRange));
  return { ...cutAt(last, first), isCut: true };
}

function cutAt(candles: readonly Candle[], at: number): ChartCandles {
  return {
    candles: candles.slice(at),
    before: at === 0 ? [] : candles.slice(0, at),
    isCut: false,
  };
}

function indexOf(candles: readonly Candle[], is: (candle: Candle) => boolean): number {
  const index = candles.findIndex(is);
  return index < 0 ? candles.length : index;
}

import { type Candle, toCandles } from "../../chart/model/candle.ts";
import { seedsOf } from "../../chart/model/drawn_prices.ts";
import { fittingInterval, type HeldInterval } from "../../chart/model/fitting_interval.ts";
import { MAX_DRAWN } from "../../chart/model/merge_candles.ts";
import { warmUpOf } from "../../chart/model/study.ts";
import { type Interval, shiftOpen } from "../../core/interval.ts";
import { MAX_CANDLES } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { ChartColumns, ChartQuery } from "../../ports/chart_reader.ts";
import type { ChartAddress } from "../../core/chart_address.ts";
import { type ProvenanceSpan, toSpans } from "./provenance.ts";

/** Candles of a chart without a range in its URL. */
const NEWEST = 300;

/** The candles of one chart. */
export interface ChartCandles {
  readonly candles: readonly Candle[];
  /** Preceding candles that overlays and the chart's type need. */
  readonly before: readonly Candle[];
  /** Origins of the candles. */
  readonly provenance: readonly ProvenanceSpan[];
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
  read: (query: ChartQuery) => Promise<ChartColumns>,
  address: ChartAddress,
): Promise<ChartCandles> {
  const { symbol, interval, from, to, overlays = [], imported, type = "candles" } = address;
  const warmUp = Math.max(warmUpOf(overlays, interval), seedsOf(type));
  const newest = { symbol, interval, imported, ...to !== undefined && { to } };
  if (from === undefined) {
    return cutAt(await read({ ...newest, limit: NEWEST + warmUp }), -NEWEST);
  }
  const limit = MAX_CANDLES + warmUp;
  const start = Math.max(0, shiftOpen(from, interval, -warmUp));
  const found = await read({ ...newest, from: start, limit });
  if (found.origins.length < limit) return cutAt(found, indexFrom(found, from));
  const last = await read({ ...newest, limit });
  const first = Math.max(last.origins.length - MAX_CANDLES, indexFrom(last, from));
  return { ...cutAt(last, first), isCut: true };
}

function cutAt({ columns, origins }: ChartColumns, at: number): ChartCandles {
  const candles = toCandles(columns);
  return {
    candles: candles.slice(at),
    before: at === 0 ? [] : candles.slice(0, at),
    provenance: toSpans(origins.slice(at)),
    isCut: false,
  };
}

/** Index of the first candle that opens at `from` or later. */
function indexFrom({ origins }: ChartColumns, from: EpochMs): number {
  const index = origins.findIndex(({ openTime }) => openTime >= from);
  return index < 0 ? origins.length : index;
}

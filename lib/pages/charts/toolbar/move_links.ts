import { candleRange, wholeRange } from "../../../chart/model/chart_window.ts";
import { drawnStepMs } from "../../../chart/model/merge_candles.ts";
import {
  type Extent,
  type Move,
  movedRange,
  MOVES,
  type WindowMove,
} from "../../../chart/model/moved_window.ts";
import type { MoveHrefs } from "../../../chart/model/view_facts.ts";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { endOf, type Interval, openTimeOf } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import { chartHref } from "../../components/href.ts";

export interface MoveContext {
  readonly address: ChartAddress;
  /** Interval of the candles shown. */
  readonly interval: Interval;
  /** Candles in each bar. */
  readonly perBar: number;
  /** Open times of the first and the last bar shown. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Open times of the first and the last stored candle. */
  readonly oldest: EpochMs;
  readonly newest: EpochMs;
}

/** Addresses of the charts that the moves lead to; a move without effect has none. */
export function toMoveAddresses(context: MoveContext): Partial<Record<Move, ChartAddress>> {
  const { from, to, page: _, ...series } = context.address;
  const isReset = from === undefined && to === undefined;
  return Object.fromEntries(MOVES.flatMap((move): [Move, ChartAddress][] => {
    if (move === "reset") return isReset ? [] : [[move, series]];
    const range = movedCandles(context, move);
    return range === undefined ? [] : [[move, { ...series, ...range }]];
  }));
}

/** The candles in the window that the same move of a running chart leads to. */
function movedCandles(context: MoveContext, move: WindowMove) {
  const { address, interval, perBar, first, last, oldest, newest } = context;
  const stepMs = perBar * drawnStepMs(interval);
  const shortestMs = drawnStepMs(address.interval);
  const extent: Extent = { first: oldest, end: endOf(newest, interval), stepMs, shortestMs };
  const moved = movedRange(wholeRange(first, last, stepMs), move, extent);
  if (moved === undefined) return undefined;
  const { from, to } = candleRange(moved, stepMs);
  const half = drawnStepMs(interval) / 2;
  const nearestOpen = (time: EpochMs) => openTimeOf(time + half, interval, oldest);
  return {
    from: Math.max(0, nearestOpen(from)),
    // Without an end it stays with the newest candle.
    ...to < extent.end - half && { to: nearestOpen(to) },
  };
}

export function toMoveHrefs(basePath: string, context: MoveContext): MoveHrefs {
  return Object.fromEntries(
    Object.entries(toMoveAddresses(context))
      .map(([move, address]) => [move, chartHref(basePath, address)]),
  );
}

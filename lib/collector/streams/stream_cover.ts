import { endOf, type Interval, intervalMs } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { REQUEST_WEIGHT } from "../../core/request_weight.ts";
import { type EpochMs, MINUTE_MS } from "../../core/time.ts";
import type { StreamBoard, StreamState } from "../../ports/close_streams.ts";
import type { KlineStore } from "../../ports/kline_store.ts";

/**
 * Share of the allowed request weight up to which the closes of an interval are fetched by REST: 30
 * symbols at 1m, 150 at 5m, 1,800 at 1h.
 */
const REST_SHARE = 0.01;

/**
 * The intervals whose closed candles come from streams: those whose closes would need more than one
 * percent of the request weight if each was fetched. The collector runs once a minute, so shorter
 * intervals cost as much as 1m.
 */
export function streamedIntervals(
  series: readonly Series[],
  weightLimit: number,
): ReadonlySet<Interval> {
  const byInterval = Map.groupBy(series, ({ interval }) => interval);
  const streamed = [...byInterval].filter(([interval, own]) => {
    const rounds = MINUTE_MS / Math.max(MINUTE_MS, intervalMs(interval));
    return own.length * REQUEST_WEIGHT.klines * rounds > weightLimit * REST_SHARE;
  });
  return new Set(streamed.map(([interval]) => interval));
}

export interface StreamCoverDeps {
  readonly board: Pick<StreamBoard, "read">;
  readonly store: Pick<KlineStore, "listStates">;
  readonly serverTime: () => EpochMs;
}

/** A symbol without trades is asked for every eight minutes. */
const MAX_LAG_MS = 15 * MINUTE_MS;

/**
 * Leaves out series that need no request because streams deliver their closes, in any instance.
 * Series without candles, and those that have fallen behind, stay. While a connection is broken,
 * only series are left out whose last closed candle is stored.
 */
export async function withoutStreamed(
  { board, store, serverTime }: StreamCoverDeps,
  series: readonly Series[],
): Promise<readonly Series[]> {
  const state = await readState(board);
  if (!series.some(({ interval }) => state?.intervals.includes(interval))) return series;
  const states = await store.listStates();
  const lagMs = state!.isComplete ? MAX_LAG_MS : 0;
  return series.filter((one) => {
    if (!state!.intervals.includes(one.interval)) return true;
    const last = states.get(seriesName(one))?.lastOpenTime;
    if (last === undefined) return true;
    const nextClose = endOf(endOf(last, one.interval), one.interval);
    return serverTime() >= nextClose + lagMs;
  });
}

/**
 * Tells the series whose closes streams deliver now; their newest candles are checked separately.
 */
export async function findStreamed(
  { board }: Pick<StreamCoverDeps, "board">,
): Promise<(series: Series) => boolean> {
  const state = await readState(board);
  return ({ interval }) => state?.isComplete === true && state.intervals.includes(interval);
}

/** Without the board, REST is asked for everything. */
async function readState(board: StreamCoverDeps["board"]): Promise<StreamState | undefined> {
  return await board.read().catch(() => undefined);
}

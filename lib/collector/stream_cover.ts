import { endOf } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, MINUTE_MS } from "../core/time.ts";
import type { StreamBoard, StreamState } from "../ports/close_streams.ts";
import type { KlineStore } from "../ports/kline_store.ts";

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

/** Tells the series whose closes streams deliver now; their newest candles are checked separately. */
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

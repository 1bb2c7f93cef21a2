import type { Kline, Series } from "../core/kline.ts";
import type { KlineRowText } from "../core/kline_row_text.ts";
import type { EpochMs } from "../core/time.ts";

/** Follows a series at the exchange. */
export interface LiveSource {
  /**
   * The newest candles of a series, at least the last, each time they may have changed: ascending;
   * the last one still moves, unless its end has passed. Runs until `signal` aborts.
   *
   * @throws what a `KlineSource` throws; watching again goes on
   */
  watch(series: Series, signal: AbortSignal): AsyncIterable<readonly Kline[]>;
}

/** What is known of the present of a series. */
export interface LiveState {
  /** The newest candles as the exchange showed them last; the last one moves. */
  readonly rows: readonly KlineRowText[];
  /** Open time of the newest stored candle. */
  readonly closedTo: EpochMs;
  /** When they were seen, by our clock. */
  readonly seenAt: EpochMs;
}

/** The present of each watched series, shared by all instances; gone soon after nobody watches. */
export interface LiveBoard {
  write(series: Series, state: LiveState): Promise<void>;
  /** Calls `onState` with every state that any instance writes, until `signal` aborts. */
  watch(series: Series, signal: AbortSignal, onState: (state: LiveState) => void): void;
}

// --- market capitalisation ---

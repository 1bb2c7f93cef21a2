import type { Kline, Series } from "../core/kline.ts";
import type { KlineRowText } from "../core/text/kline_row_text.ts";
import type { EpochMs } from "../core/time.ts";

/** Follows a series at the exchange. */
export interface LiveSource {
  /**
   * Yields the newest candles of a series whenever they may have changed: at least one, ascending.
   * The last is open, unless its end has passed. Runs until `signal` aborts.
   *
   * @throws the errors of a `KlineSource`; the caller may then watch again
   */
  watch(series: Series, signal: AbortSignal): AsyncIterable<readonly Kline[]>;
}

/** The newest state of a series. */
export interface LiveState {
  /** The newest candles that the exchange sent, ascending; the last is open. */
  readonly rows: readonly KlineRowText[];
  /** Open time of the newest stored candle. */
  readonly closedTo: EpochMs;
  /** When they were received, by our clock. */
  readonly seenAt: EpochMs;
}

/** The newest state of each watched series, shared by all instances. It expires without writes. */
export interface LiveBoard {
  write(series: Series, state: LiveState): Promise<void>;
  /** Calls `onState` with every state that any instance writes, until `signal` aborts. */
  watch(series: Series, signal: AbortSignal, onState: (state: LiveState) => void): void;
}

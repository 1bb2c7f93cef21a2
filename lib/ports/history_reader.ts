import type { BackfillPlan } from "../core/remaining_history.ts";
import type { Series } from "../core/kline.ts";

/** The stored share of a series' wanted history. */
export interface SeriesHistory extends Series {
  /** Stored candles. */
  readonly rows: number;
  /**
   * Candles not collected yet, older ones and pending gaps: `rows / (rows + remaining)` is done. 0:
   * complete. `undefined` while the listing date is unknown.
   */
  readonly remaining: number | undefined;
}

/** Progress of the history of all configured series. */
export interface HistoryProgress {
  /** Every configured series in configured order, including those without candles. */
  readonly series: readonly SeriesHistory[];
  readonly rows: number;
  /** Remaining history and its cost. */
  readonly left: BackfillPlan;
  readonly isComplete: boolean;
}

/**
 * Reads the progress of history from the store, so that every instance reports the same. Throws
 * `store_unavailable` when it cannot be reached.
 */
export interface HistoryReader {
  read(): Promise<HistoryProgress>;
}

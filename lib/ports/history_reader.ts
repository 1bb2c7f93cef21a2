import type { BackfillPlan } from "../core/remaining_history.ts";
import type { Series } from "../core/kline.ts";

/** How much of the wanted history of a series is held. */
export interface SeriesHistory extends Series {
  /** Candles held. */
  readonly rows: number;
  /**
   * Candles still to come, older ones and holes of ours: `rows + remaining` are expected, and
   * `rows / (rows + remaining)` is done. 0: complete. `undefined` while nobody knows yet where the
   * series begins.
   */
  readonly remaining: number | undefined;
}

/** How far the history of all configured series has come. */
export interface HistoryProgress {
  /** Every configured series in configured order, also those not collected yet. */
  readonly series: readonly SeriesHistory[];
  readonly rows: number;
  /** What is still to come, and what it costs. */
  readonly left: BackfillPlan;
  readonly isComplete: boolean;
}

/**
 * Reads the progress of history off the store, so that every instance says the same, at any time,
 * whoever collects. Throws `store_unavailable` when it cannot be reached.
 */
export interface HistoryReader {
  read(): Promise<HistoryProgress>;
}

// --- shared by all instances ---

import type { ImportedCandle } from "../core/imported_candle.ts";
import type { Series } from "../core/kline.ts";
import type { TimeRange } from "../core/time.ts";

/** The result of a write of imported candles, by open time. */
export interface ImportedCount {
  readonly new: number;
  /** Stored before, now with more columns or digits. */
  readonly improved: number;
  readonly unchanged: number;
  /** An earlier import has other values and stays. */
  readonly kept: number;
  /** A candle of the exchange is stored: the same values, as far as the file has them. */
  readonly confirmed: number;
  /** A candle of the exchange is stored, with other values. */
  readonly contradicted: number;
}

/**
 * Candles of other programs' files, apart from the exchange's: weaker, and shown only where no
 * candle of the exchange is stored.
 */
export interface ImportedStore {
  /**
   * Stores candles of a file in one transaction.
   *
   * @param candles ascending, at most one per open time
   * @throws `not_found` for a symbol that was never saved, `store_unavailable`
   */
  write(series: Series, candles: readonly ImportedCandle[], runId: number): Promise<ImportedCount>;
  /** Imported candles without one of the exchange that open in the range, ascending. */
  read(series: Series, range: TimeRange): Promise<ImportedCandle[]>;
  /**
   * Deletes the candles for which the exchange's are stored now, and returns their number. Writing
   * the exchange's does so too; this finds those that were stored in another way. Reads only series
   * that have imported candles and have changed since the last call.
   */
  prune(signal: AbortSignal): Promise<number>;
}

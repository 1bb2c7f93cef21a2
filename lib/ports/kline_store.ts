import type { Kline, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { MarketSymbol } from "./kline_source.ts";

/** What a write did, in candles. */
export interface WriteCount {
  readonly new: number;
  readonly corrected: number;
  readonly unchanged: number;
  /** Differed from what a more reliable source had said: recorded, not stored. Absent: none. */
  readonly conflicts?: number;
}

/** What is held of a series. */
export interface SeriesState {
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  /** Open time of the exchange's very first candle, once asked for. */
  readonly listedAt: EpochMs | undefined;
  /** Candles before it have been read again by the audit in rotation; `undefined`: it begins anew. */
  readonly auditedTo: EpochMs | undefined;
  /** Grows with every change. */
  readonly version: number;
  readonly rows: number;
}

/** Where closed candles are kept. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineStore {
  /** Makes the markets known; a repeat changes nothing. */
  saveSymbols(symbols: readonly MarketSymbol[]): Promise<void>;
  /** Markets as they were saved last; unknown ones are left out. */
  findMarkets(symbols: readonly string[]): Promise<MarketSymbol[]>;
  /** Sets the status of markets to `REMOVED` and returns them; unknown ones are left out. */
  markRemoved(symbols: readonly string[]): Promise<MarketSymbol[]>;
  /** @throws `not_found` for a symbol that was never saved */
  openSeries(series: Series): Promise<void>;
  getState(series: Series): Promise<SeriesState>;
  saveListedAt(series: Series, listedAt: EpochMs): Promise<void>;
  saveAuditedTo(series: Series, auditedTo: EpochMs | undefined): Promise<void>;
  /** The candles that open in the range, ascending, to the digit; all of them at once. */
  read(series: Series, range: TimeRange): Promise<Kline[]>;
  /**
   * Stores closed candles in one transaction: new ones are added, changed ones replaced with the old
   * row kept, identical ones left alone (a repeat writes nothing). Holes in the ledger follow. Of two
   * sources that differ the more reliable one is believed, whichever came first; see `CandleOrigin`.
   */
  write(series: Series, klines: readonly Kline[], runId: number): Promise<WriteCount>;
}

import type { Kline, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { MarketSymbol } from "./kline_source.ts";

/** The result of a write, in candles. */
export interface WriteCount {
  readonly new: number;
  readonly corrected: number;
  readonly unchanged: number;
  /** Candles that differ from a more reliable source: recorded, not stored. Absent: none. */
  readonly conflicts?: number;
  /** Unchanged candles of a less reliable source, which now name this run. Absent: none. */
  readonly confirmed?: number;
}

/** The stored part of a series. */
export interface SeriesState {
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  /** Open time of the exchange's first candle; `undefined` until it was requested. */
  readonly listedAt: EpochMs | undefined;
  /** The rotating audit has compared candles before this time; `undefined`: it starts again. */
  readonly auditedTo: EpochMs | undefined;
  /** Grows with every change. */
  readonly version: number;
  readonly rows: number;
}

/** Stores closed candles. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineStore {
  /**
   * Saves markets; saving the same again changes nothing. `seenAt`: when the exchange showed them,
   * by its own clock; by default the time of the database.
   */
  saveSymbols(symbols: readonly MarketSymbol[], seenAt?: EpochMs): Promise<void>;
  /** Markets as last saved, without unknown ones. */
  findMarkets(symbols: readonly string[]): Promise<MarketSymbol[]>;
  /** Sets the status of markets to `REMOVED` and returns them; unknown ones are left out. */
  markRemoved(symbols: readonly string[], seenAt?: EpochMs): Promise<MarketSymbol[]>;
  /** @throws `not_found` for a symbol that was never saved */
  openSeries(series: Series): Promise<void>;
  /** As `openSeries` for many; symbols that were never saved are left out. */
  openAll(series: readonly Series[]): Promise<void>;
  getState(series: Series): Promise<SeriesState>;
  /** By name, the states of all series that were opened. */
  listStates(): Promise<ReadonlyMap<string, SeriesState>>;
  saveListedAt(series: Series, listedAt: EpochMs): Promise<void>;
  saveAuditedTo(series: Series, auditedTo: EpochMs | undefined): Promise<void>;
  /** The candles that open in the range, ascending, exact, in one array. */
  read(series: Series, range: TimeRange): Promise<Kline[]>;
  /**
   * Stores closed candles in one transaction: new ones are added, changed ones replaced with the
   * old row kept, identical ones left unchanged (a repeat writes nothing). Updates gaps. Of two
   * sources that differ, the more reliable one is stored, whichever came first; see `CandleOrigin`.
   */
  write(series: Series, klines: readonly Kline[], runId: number): Promise<WriteCount>;
  /**
   * Stores one closed candle of each of many series in one transaction, those only that follow
   * their series' newest stored candle without a gap. Returns the names of these series; the
   * candles of the others must be stored with `write`.
   */
  append(candles: readonly SeriesKline[], runId: number): Promise<ReadonlySet<string>>;
  /** By name, the newest candle of each series that opens at `since` or later. */
  newest(series: readonly Series[], since: EpochMs): Promise<ReadonlyMap<string, Kline>>;
}

/** A candle and its series. */
export interface SeriesKline extends Series {
  readonly kline: Kline;
}

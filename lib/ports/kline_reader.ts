import type { SeriesMark } from "../core/cursor.ts";
import type { Decimal } from "../core/decimal.ts";
import type { GapClass } from "../core/gaps.ts";
import type { CandleSource, LackingColumn } from "../core/imported_candle.ts";
import type { Interval } from "../core/interval.ts";
import type { KlineColumns, Series } from "../core/kline.ts";
import type { KlineRowText } from "../core/text/kline_row_text.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { MarketSymbol } from "./kline_source.ts";

/** A range of candles for a chart. */
export interface CandleQuery extends Series {
  /** Inclusive. Without it, the newest `limit` candles are read. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  readonly limit: number;
}

/** Candles of the exchange, and imported ones where none of it is stored. */
export interface SourcedColumns {
  readonly mark: ImportedMark;
  readonly columns:
    & Omit<KlineColumns, LackingColumn>
    & Readonly<Record<LackingColumn, readonly (number | null)[]>>;
  /** By candle. */
  readonly source: readonly CandleSource[];
}

/** A position in the changes of a series, and of its imported candles. */
export interface ImportedMark extends SeriesMark {
  readonly importedVersion: number;
}

/** Candles made of shorter ones. */
export interface DerivedColumns {
  /** The mark of the shorter series. */
  readonly mark: SeriesMark;
  readonly columns: KlineColumns;
  readonly derivedFrom: Interval;
  /** Stretches of candles that have all their parts; they can change without the mark. */
  readonly ranges: readonly TimeRange[];
  /** Open times of candles left out among the others, because parts of them are pending. */
  readonly omitted: readonly EpochMs[];
}

/** The stored part of a series. */
export interface SeriesExtent extends Series {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: string;
  /** Smallest price step, as text. */
  readonly tickSize: string | undefined;
  readonly rows: number;
  /** Candles of other programs' files, where none of the exchange is stored. */
  readonly importedRows: number;
  /** Candles that open off the interval's grid, as the exchange sent them after outages. */
  readonly offGrid: number;
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  readonly listedAt: EpochMs | undefined;
}

/** The stored part of a series, and its gaps. */
export interface SeriesCoverage extends SeriesExtent {
  /** Number of gaps by class. */
  readonly gapCounts: Readonly<Partial<Record<GapClass, number>>>;
}

/** Series of an interval that have the same newest candle, or none. */
export interface NewestTime {
  readonly interval: Interval;
  readonly lastOpenTime: EpochMs | undefined;
  readonly series: number;
}

/** Selects series; absent parts select all. */
export interface CoverageFilter {
  readonly symbols?: readonly string[] | undefined;
  readonly intervals?: readonly Interval[] | undefined;
}

/** Recent closes of a market as floats, for sparklines and headlines. */
export interface Quote {
  readonly symbol: string;
  /** Open time of the newest candle. */
  readonly lastOpenTime: EpochMs;
  /** Ascending, the newest last; never empty. */
  readonly closes: readonly number[];
  /** The close one day before the newest, when there is one. */
  readonly dayAgo: number | undefined;
}

/** Trading in a time range, exact. */
export interface Traded {
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly quoteVolume: Decimal;
  readonly trades: number;
}

export interface TradedStretch {
  /**
   * True if all candles of the range that the exchange has are stored, according to the gap ledger.
   */
  readonly isWhole: boolean;
  /** Close of the last candle before the range. */
  readonly previousClose: Decimal | undefined;
  /** `undefined`: no candle opens in the range. */
  readonly traded: Traded | undefined;
}

/** The extent of a stored series. */
export interface HeldSeries extends ImportedMark {
  readonly rows: number;
  /** Candles of other programs' files, where none of the exchange is stored. */
  readonly importedRows: number;
  readonly lastOpenTime: EpochMs | undefined;
}

/** Reads stored candles. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineReader {
  /** `undefined` when the series is not stored. */
  findSeries(series: Series): Promise<HeldSeries | undefined>;
  /** Ascending. Empty for a series that is not stored. */
  columns(query: CandleQuery): Promise<KlineColumns>;
  /** Candles and mark of a stored series, from one snapshot. */
  markedColumns(query: CandleQuery): Promise<{ mark: SeriesMark; columns: KlineColumns }>;
  /** The same with imported candles where none of the exchange is stored. */
  sourcedColumns(query: CandleQuery): Promise<SourcedColumns>;
  /**
   * Candles of a series that is not stored, made of a shorter one; `undefined` if it is stored.
   *
   * @throws `not_found` when no stored interval divides that of the series
   */
  derivedColumns(query: CandleQuery): Promise<DerivedColumns | undefined>;
  /** The same candles as rows of the exchange's API, digit for digit. */
  rows(query: CandleQuery): Promise<KlineRowText[]>;
  /** Markets with stored series, by name. */
  symbols(): Promise<MarketSymbol[]>;
  /**
   * The oldest `limit` candles that open after `openTime`, ascending, as rows of the exchange's
   * API; none after a pending gap.
   */
  rowsAfter(series: Series, openTime: EpochMs, limit: number): Promise<KlineRowText[]>;
  /** Totals of the stored candles that open in the range. */
  traded(series: Series, range: TimeRange): Promise<TradedStretch>;
  /**
   * Stored series by symbol and interval, all by default; the cost does not depend on the number of
   * gaps.
   */
  extents(filter?: CoverageFilter): Promise<SeriesExtent[]>;
  /** The same with counts of gaps. */
  coverage(filter?: CoverageFilter): Promise<SeriesCoverage[]>;
  /** Number of series by interval and newest candle. */
  newestTimes(): Promise<NewestTime[]>;
  /** Number of imported candles in each of the ranges. */
  importedWithin(series: Series, ranges: readonly TimeRange[]): Promise<number[]>;
  /**
   * The newest `count` closes of each symbol that has any at `interval`, in no particular order.
   */
  quotes(symbols: readonly string[], interval: Interval, count: number): Promise<Quote[]>;
}

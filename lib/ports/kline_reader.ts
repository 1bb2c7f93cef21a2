import type { SeriesMark } from "../core/cursor.ts";
import type { Decimal } from "../core/decimal.ts";
import type { GapClass } from "../core/gaps.ts";
import type { Interval } from "../core/interval.ts";
import type { KlineColumns, Series } from "../core/kline.ts";
import type { KlineRowText } from "../core/kline_row_text.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { MarketSymbol } from "./kline_source.ts";

/** Candles wanted for a chart. */
export interface CandleQuery extends Series {
  /** Inclusive. Without it the newest `limit` candles are meant. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  readonly limit: number;
}

/** What is held of a series. */
export interface SeriesExtent extends Series {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: string;
  /** Smallest price step, as text. */
  readonly tickSize: string | undefined;
  readonly rows: number;
  /** Candles that open beside the interval's grid, as the exchange served them after outages. */
  readonly offGrid: number;
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  readonly listedAt: EpochMs | undefined;
}

/** What is held of a series, and how whole it is. */
export interface SeriesCoverage extends SeriesExtent {
  /** Number of holes of each class. */
  readonly holes: Readonly<Partial<Record<GapClass, number>>>;
}

/** Recent closes of a market, as floats: for pictures and headlines. */
export interface Quote {
  readonly symbol: string;
  /** Of the newest candle. */
  readonly lastOpenTime: EpochMs;
  /** Ascending, the newest last; never empty. */
  readonly closes: readonly number[];
  /** The close one day before the newest, when there is one. */
  readonly dayAgo: number | undefined;
}

/** What was traded in a stretch of time, to the digit. */
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
  /** Whether every candle of it that the exchange has is held, as far as the ledger knows. */
  readonly isWhole: boolean;
  /** Of the last candle before it. */
  readonly previousClose: Decimal | undefined;
  /** Absent: no candle opens in it. */
  readonly traded: Traded | undefined;
}

/** How much is held of a series. */
export interface HeldSeries extends SeriesMark {
  readonly rows: number;
  readonly lastOpenTime: EpochMs | undefined;
}

/** Reads what is stored. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineReader {
  /** `undefined` when the series is not held. */
  findSeries(series: Series): Promise<HeldSeries | undefined>;
  /** Ascending. A series that is not held has no candles. */
  columns(query: CandleQuery): Promise<KlineColumns>;
  /** The same of a series that is held, and its mark, both as of one moment. */
  markedColumns(query: CandleQuery): Promise<{ mark: SeriesMark; columns: KlineColumns }>;
  /** The same candles as the exchange writes its rows, digit for digit. */
  rows(query: CandleQuery): Promise<KlineRowText[]>;
  /** The markets of which series are held, by name. */
  symbols(): Promise<MarketSymbol[]>;
  /**
   * The oldest `limit` candles that open after `openTime`, ascending, as the exchange writes its rows;
   * none from behind a hole that is still to be filled.
   */
  rowsAfter(series: Series, openTime: EpochMs, limit: number): Promise<KlineRowText[]>;
  /** What the stored candles that open in the range add up to. */
  traded(series: Series, range: TimeRange): Promise<TradedStretch>;
  /** Every series held, by symbol and interval; takes as long however many holes there are. */
  extents(): Promise<SeriesExtent[]>;
  /** The same with a count of holes. */
  coverage(): Promise<SeriesCoverage[]>;
  /** The newest `count` closes of each symbol that has any at `interval`, in no particular order. */
  quotes(symbols: readonly string[], interval: Interval, count: number): Promise<Quote[]>;
}

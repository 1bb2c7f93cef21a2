import type { DrawnColumns, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { CandleQuery, ImportedMark, SeriesExtent } from "./kline_reader.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** The origin of a stored candle. */
export interface Provenance {
  readonly openTime: EpochMs;
  readonly storedAt: EpochMs;
  /** `imported`: of another program's file, where none of the exchange is stored. */
  readonly origin: CandleOrigin | "imported";
  /** Number of revisions since it was first stored. */
  readonly revisions: number;
}

/** Checksum and totals, to compare a chart with a file. */
export interface RangeProof {
  readonly rows: number;
  /** SHA-256 of the bytes of `/export` for the range as CSV; lower-case hex. */
  readonly sha256: string;
}

/** A stored series of a symbol and its state. */
export interface StoredSeries extends SeriesExtent, ImportedMark {
  /** Open times of the first and the last imported candle. */
  readonly firstImported: EpochMs | undefined;
  readonly lastImported: EpochMs | undefined;
}

/** A range of candles, with imported ones where none of the exchange is stored if asked for. */
export interface ChartQuery extends CandleQuery {
  readonly imported?: "1" | undefined;
}

/** Facts about a symbol, independent of its series. */
export interface Market {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /** Smallest price step, as text. */
  readonly tickSize: string | undefined;
}

/** Candles of a chart and the origin of each. */
export interface ChartColumns {
  readonly columns: DrawnColumns;
  readonly origins: readonly Provenance[];
}

/** Reads the data of a chart. Every method throws `store_unavailable`. */
export interface ChartReader {
  /** The stored series of a symbol. */
  series(symbol: string): Promise<StoredSeries[]>;
  /** In no particular order; unknown symbols are left out. */
  markets(symbols: readonly string[]): Promise<Market[]>;
  /** Ascending. `mark` is the state of the series, which identifies the answer. */
  candles(query: ChartQuery, mark: ImportedMark): Promise<ChartColumns>;
  /** `version` is the series' version, which identifies the answer. */
  proof(range: Series & TimeRange, version: number): Promise<RangeProof>;
  /**
   * About `points` closes, evenly spread over the range, ascending; for an overview of all history.
   */
  outline(range: Series & TimeRange, points: number): Promise<OutlinePoint[]>;
}

export interface OutlinePoint {
  readonly openTime: EpochMs;
  readonly close: number;
}

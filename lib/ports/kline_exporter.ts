import type { Cursor, SeriesMark } from "../core/cursor.ts";
import type { Interval } from "../core/interval.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";

/** Format of exported candles; `binance` is the layout of the exchange's archive. */
export type ExportFormat = "csv" | "ndjson" | "json" | "binance" | "parquet";

/** A series to export. */
export interface ExportSeries extends Series {
  /** Only candles of this time, for a name that was given to several assets. */
  readonly within?: TimeRange | undefined;
}

/** The requested candles and their format. */
export interface ExportQuery {
  /** At least one. Candles come in this order, ascending within each. */
  readonly series: readonly ExportSeries[];
  /** Makes candles of intervals that are not stored from shorter ones. */
  readonly isRollup?: boolean;
  /** Adds imported candles where none of the exchange is stored, and a last column `source`. */
  readonly isImported?: boolean;
  /** Output format. */
  readonly format: ExportFormat;
  /** Inclusive. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  /** Returns the versions stored at or before this time. */
  readonly asOf?: EpochMs;
  /** Returns only candles that were stored or corrected after this cursor. */
  readonly after?: Cursor;
}

/** The content of a series' export. */
export interface SeriesHead extends ExportSeries, SeriesMark {
  readonly rows: number;
  /** Number of gaps that touch the range. */
  readonly gaps: number;
  /** Of the whole series, not only of the range. */
  readonly lastOpenTime: EpochMs | undefined;
  /** Cursor at which a reader of this export continues. */
  readonly next: SeriesMark;
  /** Set when the candles are not the exchange's, but made of shorter ones. */
  readonly derived?: DerivedHead;
  /** Set when imported candles were requested: those among the rows. */
  readonly imported?: ImportedHead;
}

/** The imported candles of an export. */
export interface ImportedHead {
  readonly rows: number;
  /** Grows with every change of the series' imported candles. */
  readonly version: number;
}

/** Candles made of shorter ones; lineage and version are those of the shorter series. */
export interface DerivedHead {
  readonly from: Interval;
  /** Ranges to read one after another: candles that lack parts are outside of all. */
  readonly parts: readonly TimeRange[];
}

/** The layout of candles written as lines. */
export interface LineLayout {
  /** Each line of `json` ends with a comma, the last one too. */
  readonly format: "csv" | "binance" | "ndjson" | "json";
  /** Format of open and close times; `binance` is always ms. */
  readonly time: "iso" | "ms";
  /** Symbol and interval lead every line. */
  readonly isNamed: boolean;
  /** True if a header line names the columns, in formats that have one. */
  readonly hasHeader: boolean;
}

/** Digits of a decimal column: total, and after the point. */
export interface DecimalSize {
  readonly precision: number;
  readonly scale: number;
}

/** Whole numbers of up to this many digits fit into eight bytes. */
export const INT8_DIGITS = 18;

/** A range of candles and its size in bytes as lines. */
export interface LineBlock {
  readonly from: EpochMs;
  readonly bytes: number;
}

/** A consistent snapshot of candles, valid until closed. One stream at a time. */
export interface OpenExport {
  /** In the order requested. Two exports with the same marks and query have the same bytes. */
  readonly heads: readonly SeriesHead[];
  /**
   * Candles of the series at `index` as lines. The stream fails, rather than ends, when the
   * database does; cancelling it stops the database's statement.
   *
   * `part` replaces the export's bounds; it must lie within them. Derived candles are read in the
   * parts of their head.
   */
  lines(index: number, layout: LineLayout, part?: Partial<TimeRange>): ReadableStream<Uint8Array>;
  /**
   * The same as PostgreSQL's binary COPY, columns in the CSV's order: times as int8 epoch ms,
   * trades as int4, a decimal listed in `sizes` as its digits without the point (int8 up to
   * `INT8_DIGITS` digits, text beyond); other decimals as text. `part` as for `lines`. With
   * imported candles, missing values are null, and the last column is the source as text.
   */
  tuples(
    index: number,
    sizes: ReadonlyMap<KlineColumn, DecimalSize>,
    part?: Partial<TimeRange>,
  ): ReadableStream<Uint8Array>;
  /**
   * Digits of the decimal columns of the series at `indexes`. Reads all rows, and yields after each
   * part so that the caller can report progress.
   */
  measure(indexes: readonly number[]): AsyncGenerator<undefined, Map<KlineColumn, DecimalSize>>;
  /** The lines of a series, without header, in blocks of some thousand. Reads the series. */
  blocks(index: number, layout: LineLayout): Promise<LineBlock[]>;
  /** Releases the connection; repeated calls do nothing. */
  close(): Promise<void>;
}

/**
 * Streams stored candles.
 *
 * @throws `not_found` for a series that is not stored, `invalid_input` for a cursor of another
 *   export
 */
export interface KlineExporter {
  /** The heads of `open`, without holding a connection. */
  describe(query: ExportQuery): Promise<readonly SeriesHead[]>;
  /** @throws `busy` when too many exports are running */
  open(query: ExportQuery): Promise<OpenExport>;
}

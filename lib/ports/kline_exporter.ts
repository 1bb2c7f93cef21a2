import type { Cursor, SeriesMark } from "../core/cursor.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";

/** How exported candles are written; `binance` is the layout of the exchange's archive. */
export type ExportFormat = "csv" | "ndjson" | "json" | "binance" | "parquet";

/** Which candles are wanted. */
export interface ExportQuery {
  /** At least one. Candles come in this order, ascending within each. */
  readonly series: readonly Series[];
  /** What they become. */
  readonly format: ExportFormat;
  /** Inclusive. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  /** Candles as they were known at this time: versions stored at or before it. */
  readonly asOf?: EpochMs;
  /** Only candles that came or were corrected after it. */
  readonly after?: Cursor;
}

/** What an export of a series will hold. */
export interface SeriesHead extends Series, SeriesMark {
  readonly rows: number;
  /** Holes that touch the range. */
  readonly gaps: number;
  /** Of everything stored, not of the range. */
  readonly lastOpenTime: EpochMs | undefined;
  /** Where a reader who has this export goes on. */
  readonly next: SeriesMark;
}

/** How candles are written as lines. */
export interface LineLayout {
  readonly format: "csv" | "binance" | "ndjson";
  /** How open and close times are written; `binance` is always ms. */
  readonly time: "iso" | "ms";
  /** Symbol and interval lead every line. */
  readonly isNamed: boolean;
  /** Columns are named in a first line, where the format has one. */
  readonly hasHeader: boolean;
}

/** How many digits a decimal column needs, in all and behind the point. */
export interface DecimalSize {
  readonly precision: number;
  readonly scale: number;
}

/** Whole numbers of so many digits fit into eight bytes. */
export const INT8_DIGITS = 18;

/** A stretch of candles and how many bytes they take as lines. */
export interface LineBlock {
  readonly from: EpochMs;
  readonly bytes: number;
}

/** A consistent view of candles, good until closed. One stream at a time. */
export interface OpenExport {
  /** As asked for. Two exports with the same marks and query have the same bytes. */
  readonly heads: readonly SeriesHead[];
  /**
   * Candles of the series at `index` as lines. The stream fails, rather than ends, when the database
   * does; cancelled, it stops the database at once.
   *
   * `part` takes the place of the export's own ends; it must lie within.
   */
  lines(index: number, layout: LineLayout, part?: Partial<TimeRange>): ReadableStream<Uint8Array>;
  /**
   * The same as PostgreSQL's binary COPY, columns in the CSV's order: times as int8 epoch ms, trades
   * as int4, a decimal of `sizes` as the whole number that it is without its point, int8 up to
   * `INT8_DIGITS` digits and text beyond; other decimals as text.
   */
  tuples(
    index: number,
    sizes: ReadonlyMap<KlineColumn, DecimalSize>,
  ): ReadableStream<Uint8Array>;
  /**
   * The digits that the decimal columns of the series at `indexes` need. Reads them all, and yields
   * between parts: nothing, but whoever waits may be told.
   */
  measure(indexes: readonly number[]): AsyncGenerator<undefined, Map<KlineColumn, DecimalSize>>;
  /** The lines of a series, without header, in blocks of some thousand. Reads the series. */
  blocks(index: number, layout: LineLayout): Promise<LineBlock[]>;
  /** Gives back what is held; a repeat does nothing. */
  close(): Promise<void>;
}

/**
 * Streams stored candles out.
 *
 * @throws `not_found` for a series that is not held, `invalid_input` for a cursor of something else
 */
export interface KlineExporter {
  /** What `open` would give, without holding anything. */
  describe(query: ExportQuery): Promise<readonly SeriesHead[]>;
  /** @throws `busy` when too many exports are running */
  open(query: ExportQuery): Promise<OpenExport>;
}

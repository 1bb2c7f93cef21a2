import type { FormatId } from "../core/candle_formats.ts";
import type { ArchiveFile } from "../core/archive_file.ts";
import type { AppError } from "../core/errors.ts";
import type { ImportedCandle } from "../core/imported_candle.ts";
import type { Interval } from "../core/interval.ts";
import type { Kline, Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** A part of a file: its candles, and findings about them. */
export interface FilePart {
  /** Ascending within the part; no open time occurs twice in a file. */
  readonly klines: readonly Kline[];
  /** Candles with missing columns or digits: ascending, of other open times. */
  readonly imported: readonly ImportedCandle[];
  /** Rows that repeat another one. */
  readonly repeated: number;
  /** Open times of candles about which rows contradict each other; absent: none. */
  readonly contradicted?: readonly EpochMs[];
  /** Invalid rows, each described with its line. */
  readonly refused: readonly string[];
  /** Signs that these are not spot candles, as clauses; only in the last part. */
  readonly doubts: readonly string[];
  /** Observations that do not make candles invalid, as clauses; only in the last part. */
  readonly findings: readonly string[];
}

/** A file of candles of one series. */
export interface KlineFile extends Series {
  /** Name of the file in messages: the path as given, and the CSV in it where there are several. */
  readonly path: string;
  /** Name of its format in messages. */
  readonly format: string;
  readonly bytes: number;
  readonly isZip: boolean;
  /** True if its SHA-256 was checked against a checksum file. */
  readonly isChecked: boolean;
  readonly origin: CandleOrigin;
  /**
   * Reads the file from its beginning; may be called again. Throws `bad_payload` when the file is
   * invalid, possibly only at its end.
   */
  candles(): AsyncIterable<FilePart>;
}

/** The user's statements about a file. */
export interface NamedSeries {
  readonly symbol?: string;
  readonly interval?: Interval;
  /** Identifier of the format, where detection is to be overridden. */
  readonly format?: FormatId;
  /** Table of a database. */
  readonly table?: string;
  /** Treat the candles as spot candles despite signs of another market. */
  readonly isSpot?: boolean;
  /**
   * Report everything instead of rejecting a file, for comparisons: the newest candle is included,
   * and neither invalid rows nor signs of another market or time zone end the reading.
   */
  readonly isTolerant?: boolean;
}

/** A file, or the reason why it cannot be read. */
export type OpenedFile =
  | { readonly path: string; readonly file: KlineFile; readonly error?: undefined }
  | { readonly path: string; readonly file?: undefined; readonly error: AppError };

/** The operator's own files. */
export interface KlineFiles {
  /**
   * Expands paths, folders and patterns to candle files, in order. Files in folders are chosen by
   * extension; `skipped` counts the others.
   */
  find(paths: readonly string[]): Promise<{ paths: string[]; skipped: number }>;
  /**
   * Opens a file: one series, or one for each CSV of a zip. `named` supplies what names do not
   * state. An error concerns only its file or CSV: `bad_payload` when its checksum does not match,
   * `not_found` when it cannot be read, `invalid_input` when its series is unknown.
   */
  open(path: string, named: NamedSeries): Promise<OpenedFile[]>;
}

/** The exchange's archive of whole months and days. */
export interface ArchiveSource {
  /**
   * A file, its checksum verified; `undefined` when there is no such file (yet). Throws
   * `exchange_unavailable`, or `bad_payload` for a file that cannot be trusted.
   */
  open(file: ArchiveFile, signal: AbortSignal): Promise<KlineFile | undefined>;
}

/**
 * The listing of the archive. Every method throws `exchange_unavailable` or `bad_payload`; a
 * request costs no weight.
 */
export interface ArchiveIndex {
  /** Every symbol that has candles in the archive, whether or not the exchange still lists it. */
  listSymbols(signal: AbortSignal): Promise<string[]>;
  /** The published files of a series, ascending; only those that follow `after`, if given. */
  listFiles(
    series: Series,
    period: ArchiveFile["period"],
    after: ArchiveFile | undefined,
    signal: AbortSignal,
  ): Promise<ArchiveFile[]>;
}

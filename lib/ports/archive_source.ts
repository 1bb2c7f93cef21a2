import type { ArchiveFile } from "../core/archive_file.ts";
import type { AppError } from "../core/errors.ts";
import type { Interval } from "../core/interval.ts";
import type { Kline, Series } from "../core/kline.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** Candles of a part of a file, and what was found with them. */
export interface FilePart {
  /** Ascending in themselves; no open time comes twice in a file. */
  readonly klines: readonly Kline[];
  /** Rows that repeat another one. */
  readonly repeated: number;
  /** Rows that are no candle, in words that name the line. */
  readonly refused: readonly string[];
  /** Signs that these are no spot candles, in words; they come with the last part. */
  readonly doubts: readonly string[];
}

/** A file of candles of one series. */
export interface KlineFile extends Series {
  /** The file in messages: the path as given, and the CSV in it where there are several. */
  readonly path: string;
  readonly bytes: number;
  readonly isZip: boolean;
  /** Its SHA-256 is what somebody said it should be. */
  readonly isChecked: boolean;
  readonly origin: CandleOrigin;
  /**
   * Reads the file from its beginning, as often as asked. Throws `bad_payload` where the file cannot be
   * trusted, which may be at its very end.
   */
  candles(): AsyncIterable<FilePart>;
}

/** What the user says about a file. */
export interface NamedSeries {
  readonly symbol?: string;
  readonly interval?: Interval;
  /** The candles are spot candles whatever they look like. */
  readonly isSpot?: boolean;
}

/** A file, or why it cannot be read. */
export type OpenedFile =
  | { readonly path: string; readonly file: KlineFile; readonly error?: undefined }
  | { readonly path: string; readonly file?: undefined; readonly error: AppError };

/** Files of the operator's. */
export interface KlineFiles {
  /**
   * The candle files that paths, folders and patterns stand for, in order; a folder's own are taken by
   * their endings, `skipped` counts the others.
   */
  find(paths: readonly string[]): Promise<{ paths: string[]; skipped: number }>;
  /**
   * Opens a file: one series, or one for each CSV of a zip. `named` says what names do not. An error
   * concerns its file or its CSV alone: `bad_payload` when a checksum lies beside it that does not hold,
   * `not_found` for what cannot be read, `invalid_input` when nothing says which series it is.
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

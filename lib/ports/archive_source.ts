import type { ArchiveFile } from "../core/archive.ts";
import type { Kline, Series } from "../core/kline.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** A file of candles of one series. */
export interface KlineFile extends Series {
  /** Without folders. */
  readonly name: string;
  readonly bytes: number;
  /** Its SHA-256 is what somebody said it should be. */
  readonly isChecked: boolean;
  readonly origin: CandleOrigin;
  /**
   * Reads the file from its beginning, as often as asked; batches are ascending in themselves. Throws
   * `bad_payload` where the file cannot be trusted, which may be at its very end.
   */
  candles(): AsyncIterable<Kline[]>;
}

/** Files of the operator's. */
export interface KlineFiles {
  /**
   * `named` says what the file's name does not. Throws `bad_payload` when a checksum lies beside it
   * that does not hold, `not_found` for what cannot be read, `invalid_input` when nobody says which
   * series it is.
   */
  open(path: string, named: Partial<Series>): Promise<KlineFile>;
}

/** The exchange's archive of whole months and days. */
export interface ArchiveSource {
  /**
   * A file, its checksum verified; `undefined` when there is no such file (yet). Throws
   * `exchange_unavailable`, or `bad_payload` for a file that cannot be trusted.
   */
  open(file: ArchiveFile, signal: AbortSignal): Promise<KlineFile | undefined>;
}

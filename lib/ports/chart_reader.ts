import type { Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** The origin of a stored candle. */
export interface Provenance {
  readonly openTime: EpochMs;
  readonly storedAt: EpochMs;
  readonly origin: CandleOrigin;
  /** Number of revisions since it was first stored. */
  readonly revisions: number;
}

/** Checksum and totals, to compare a chart with a file. */
export interface RangeProof {
  readonly rows: number;
  /** SHA-256 of the bytes of `/export` for the range as CSV; lower-case hex. */
  readonly sha256: string;
}

/** Reads what a chart shows besides candles. Every method throws `store_unavailable`. */
export interface ChartReader {
  /** Origins of all candles in the range, ascending. */
  provenance(range: Series & TimeRange): Promise<Provenance[]>;
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

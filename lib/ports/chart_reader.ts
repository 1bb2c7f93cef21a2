import type { Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { CandleOrigin } from "./run_ledger.ts";

/** Where a stored candle comes from. */
export interface Provenance {
  readonly openTime: EpochMs;
  readonly storedAt: EpochMs;
  readonly origin: CandleOrigin;
  /** How often the exchange has restated it since it was first stored. */
  readonly revisions: number;
}

/** What anyone can hold a picture of candles and a file of them against. */
export interface RangeProof {
  readonly rows: number;
  /** Of the bytes that `/export` gives of the range as CSV; lower-case hex. */
  readonly sha256: string;
}

/** What a chart tells besides its candles. Every method throws `store_unavailable`. */
export interface ChartReader {
  /** Of every candle in the range, ascending. */
  provenance(range: Series & TimeRange): Promise<Provenance[]>;
  /** `version` is the series'; with the same one the answer is the same. */
  proof(range: Series & TimeRange, version: number): Promise<RangeProof>;
  /** About `points` closes, evenly spread over the range, ascending; for a picture of all history. */
  outline(range: Series & TimeRange, points: number): Promise<OutlinePoint[]>;
}

export interface OutlinePoint {
  readonly openTime: EpochMs;
  readonly close: number;
}

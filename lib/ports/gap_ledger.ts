import type { GapClass, GapEvidence } from "../core/gaps.ts";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";

/** A range without candles, `[from, to)`. */
export interface Gap extends TimeRange {
  readonly symbol: string;
  readonly interval: Interval;
  /** Number of missing whole candles. */
  readonly missing: number;
  readonly class: GapClass;
  readonly evidence: GapEvidence | undefined;
  readonly checkedAt: EpochMs | undefined;
}

/**
 * The gaps of stored series. The store updates them on every write; `scan` finds gaps made by other
 * programs.
 */
export interface GapLedger {
  /**
   * Compares the ledger with every stored row of the series, unless that was done within a day and
   * nothing but `KlineStore.write` has changed the series since.
   */
  scan(series: Series): Promise<void>;
  /** Ascending. */
  list(filter: { symbol?: string; interval?: Interval; class?: GapClass }): Promise<Gap[]>;
  /** Classifies the gap that is exactly `[from, to)`. Does nothing when it no longer exists. */
  classify(series: Series, range: TimeRange, reason: GapReason): Promise<void>;
  /**
   * Counts the other symbols traded before and after the range, and those that lack most of it.
   */
  countOthers(series: Series, range: TimeRange): Promise<{ others: number; othersMissing: number }>;
  /**
   * Records that no candles exist before the first stored row (`not_listed`) or after the last one
   * (`delisted`). `undefined` removes the record.
   */
  setEdge(
    series: Series,
    edge: "not_listed" | "delisted",
    range: TimeRange | undefined,
    evidence?: GapEvidence,
  ): Promise<void>;
}

export interface GapReason {
  readonly class: GapClass;
  readonly evidence: GapEvidence;
}

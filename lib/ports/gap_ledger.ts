import type { GapClass, GapEvidence } from "../core/gaps.ts";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";

/** A stretch without candles, `[from, to)`. */
export interface Gap extends TimeRange {
  readonly symbol: string;
  readonly interval: Interval;
  /** Whole candles. */
  readonly missing: number;
  readonly class: GapClass;
  readonly evidence: GapEvidence | undefined;
  readonly checkedAt: EpochMs | undefined;
}

/** What is known about holes. The store finds them on every write; `scan` finds what others make. */
export interface GapLedger {
  /**
   * Compares the ledger with every stored row of the series, unless that was done within a day and
   * nothing but `KlineStore.write` has changed the series since.
   */
  scan(series: Series): Promise<void>;
  /** Ascending. */
  list(filter: { symbol?: string; interval?: Interval; class?: GapClass }): Promise<Gap[]>;
  /** Says why the hole that is exactly `[from, to)` is there; one that is gone meanwhile is left alone. */
  classify(series: Series, range: TimeRange, reason: GapReason): Promise<void>;
  /** How many other symbols were traded before and after the stretch, and how many miss most of it. */
  countOthers(series: Series, range: TimeRange): Promise<{ others: number; othersMissing: number }>;
  /**
   * Records that there is nothing outside of the stored rows: before the first one (`not_listed`) or
   * after the last one (`delisted`). `undefined` takes the record back.
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

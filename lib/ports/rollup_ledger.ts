import type { Interval } from "../core/interval.ts";
import type { KlineColumn, Series } from "../core/kline.ts";
import type { RollupCause } from "../core/rollup.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";

/** A series, and the shorter interval whose candles must add up to its candles. */
export interface RollupPair extends Series {
  readonly base: Interval;
}

/** A column in which a candle differs from the sum of its parts; digits as stored. */
export interface RollupDetail {
  readonly column: KlineColumn;
  readonly stored: string;
  readonly sum: string;
}

/** A candle that differs from the sum of its parts. */
export interface RollupDifference {
  readonly openTime: EpochMs;
  readonly details: readonly RollupDetail[];
  /** Number of times that the exchange was asked for the candle and its parts since. */
  readonly asked: number;
  readonly askedAt: EpochMs | undefined;
  /** `undefined` until the exchange has confirmed the candle and its parts. */
  readonly cause: RollupCause | undefined;
}

/** The result of comparing candles with the sums of their parts. */
export interface RollupCheck extends RollupPair {
  /** Candles that have all parts that the exchange has. */
  readonly compared: number;
  /** Ascending by open time. */
  readonly differences: readonly RollupDifference[];
}

/** The recorded comparison of a series. */
export interface RollupProof extends RollupCheck {
  /** Number of differences, of which `differences` has the newest. */
  readonly differing: number;
  /** Differences that the exchange has not confirmed. */
  readonly unexplained: number;
  /** Set when everything that can be compared has been. */
  readonly isSettled: boolean;
  readonly checkedAt: EpochMs | undefined;
}

/** Reads the recorded comparisons. Every method throws `store_unavailable`. */
export interface RollupReader {
  /**
   * One entry per series that has a shorter interval, of all symbols or of some, in no particular
   * order.
   */
  proofs(symbols?: readonly string[]): Promise<RollupProof[]>;
  find(series: Series): Promise<RollupProof | undefined>;
  /** Compares the candles in a range now, and records nothing; `undefined` without a base. */
  check(series: Series, range: TimeRange): Promise<RollupCheck | undefined>;
}

/** Compares candles with the sums of their parts and records the results. */
export interface RollupLedger extends RollupReader {
  /** Pairs that have not been compared completely since they last changed; longest ago first. */
  due(): Promise<RollupPair[]>;
  /**
   * Compares a bounded part of what is due, and first what has changed since. Resolves with whether
   * there is more to compare now.
   */
  advance(pair: RollupPair): Promise<boolean>;
  /**
   * Compares a bounded part of the settled candles again, that which was compared longest ago:
   * finds rows that other programs have updated.
   */
  recheck(): Promise<void>;
  /**
   * Recorded differences that open at or after `since` and are to be asked for at `now`, after
   * growing pauses, at most `limit`; those asked for longest ago first.
   */
  unconfirmed(
    due: { readonly since: EpochMs; readonly now: EpochMs },
    limit: number,
  ): Promise<(RollupPair & RollupDifference)[]>;
  /**
   * Records that the exchange was asked; does nothing for a difference that is gone. Without a
   * cause, it has not confirmed the candle and its parts.
   */
  answer(
    difference: RollupPair & Pick<RollupDifference, "openTime">,
    answer: Pick<RollupDifference, "askedAt" | "cause">,
  ): Promise<void>;
}

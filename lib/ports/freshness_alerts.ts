import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";

/** Whether a series is stale, as of now. */
export interface SeriesFreshness extends Series {
  readonly lastOpenTime: EpochMs;
  readonly isStale: boolean;
}

/** A change to be told. */
export interface FreshnessAlert extends Series {
  /** The same at every attempt, so that a receiver can tell a repeat. */
  readonly alertId: number;
  readonly event: "stale" | "recovered";
  readonly lastOpenTime: EpochMs;
  readonly raisedAt: EpochMs;
  /** Whoever claimed the alert has it to itself until then. */
  readonly nextAttemptAt: EpochMs;
}

/** Changes of freshness, each raised once over all instances and kept until it is delivered. */
export interface FreshnessAlerts {
  raise(states: readonly SeriesFreshness[], now: EpochMs): Promise<void>;
  /** Those that are due, oldest first; nobody else gets them before `nextAttemptAt`. */
  claim(now: EpochMs): Promise<FreshnessAlert[]>;
  /** Records a delivery, or with `error` why it failed. */
  settle(alertId: number, now: EpochMs, error: string | undefined): Promise<void>;
}

/** Tells of an alert; rejects unless the receiver has taken it. */
export type AlertSender = (alert: FreshnessAlert, signal: AbortSignal) => Promise<void>;

import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";

/** The current freshness of a series. */
export interface SeriesFreshness extends Series {
  readonly lastOpenTime: EpochMs;
  readonly isStale: boolean;
}

/** A change of freshness to deliver. */
export interface FreshnessAlert extends Series {
  /** The same at every attempt, so that a receiver can detect repeats. */
  readonly alertId: number;
  readonly event: "stale" | "recovered";
  readonly lastOpenTime: EpochMs;
  readonly raisedAt: EpochMs;
  /** No other instance claims the alert before this time. */
  readonly nextAttemptAt: EpochMs;
}

/** Changes of freshness, each raised once over all instances and kept until delivered. */
export interface FreshnessAlerts {
  raise(states: readonly SeriesFreshness[], now: EpochMs): Promise<void>;
  /** Due alerts, oldest first. No other instance claims them before `nextAttemptAt`. */
  claim(now: EpochMs): Promise<FreshnessAlert[]>;
  /** Records a delivery, or its failure with `error`. */
  settle(alertId: number, now: EpochMs, error: string | undefined): Promise<void>;
}

/** Delivers an alert; rejects unless the receiver has accepted it. */
export type AlertSender = (alert: FreshnessAlert, signal: AbortSignal) => Promise<void>;

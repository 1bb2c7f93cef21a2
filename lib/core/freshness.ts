import { endOf, type Interval, intervalMs } from "./interval.ts";
import { type EpochMs, MINUTE_MS } from "./time.ts";

/** Age class of a series: `collecting` means that there is no candle yet. */
export const FRESHNESSES = ["fresh", "late", "stale", "collecting"] as const;
export type Freshness = typeof FRESHNESSES[number];

/** Time in ms that exchange and wick together may take before a candle counts as overdue. */
const GRACE_MS = 2 * MINUTE_MS;

/** Ms since the newest stored candle closed, by the exchange's clock; never negative. */
export function ageOf(lastOpenTime: EpochMs, interval: Interval, serverTime: EpochMs): number {
  return Math.max(0, serverTime - endOf(lastOpenTime, interval));
}

/** Late: the next candle closed more than two minutes ago. Stale: so did the one after it. */
export function freshnessOf(
  lastOpenTime: EpochMs | undefined,
  interval: Interval,
  serverTime: EpochMs,
): Freshness {
  if (lastOpenTime === undefined) return "collecting";
  const nextClose = endOf(endOf(lastOpenTime, interval), interval);
  const secondClose = endOf(nextClose, interval);
  if (serverTime <= nextClose + GRACE_MS) return "fresh";
  const isShort = intervalMs(interval) < GRACE_MS;
  return serverTime <= secondClose + (isShort ? 2 * GRACE_MS : 0) ? "late" : "stale";
}

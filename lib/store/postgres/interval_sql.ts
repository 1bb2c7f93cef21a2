import { type Interval, intervalMs } from "../../core/interval.ts";
import { SECOND_MS } from "../../core/time.ts";

/** SQL for the end of the candle that opens at `column`; months have no fixed length. */
export function endOf(interval: Interval, column: string): string {
  return interval === "1M"
    ? `((date_trunc('month', ${column} at time zone 'UTC') + interval '1 month') at time zone 'UTC')`
    : `(${column} + interval '${intervalMs(interval) / SECOND_MS} seconds')`;
}

/** A Monday and the epoch. */
const ORIGIN = { week: "1970-01-05T00:00Z", other: "1970-01-01T00:00Z" } as const;

/**
 * SQL for the open time of the candle on the grid that contains `column`. `anchor`: any open time
 * of the series, which gives the grid of `3d`; the epoch without it.
 */
export function openTimeOf(interval: Interval, column: string, anchor?: string): string {
  if (interval === "1M") {
    return `(date_trunc('month', ${column} at time zone 'UTC') at time zone 'UTC')`;
  }
  const own = interval === "3d" ? anchor : undefined;
  const origin = own ?? (interval === "1w" ? ORIGIN.week : ORIGIN.other);
  return `date_bin('${intervalMs(interval) / SECOND_MS} seconds', ${column},
    timestamptz '${origin}')`;
}

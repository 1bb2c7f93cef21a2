import { type EpochMs, toIso } from "../../core/time.ts";

/**
 * SQL for a time of whole milliseconds as epoch ms. A float is exact enough for it, and several
 * times as fast as the `numeric` of `extract`.
 */
export function epochMs(time: string): string {
  return `(date_part('epoch', ${time}) * 1000)::bigint`;
}

/** A time for SQL, or infinity for an open end. */
export function bound(time: EpochMs | undefined, none: "-infinity" | "infinity"): string {
  return time === undefined ? none : toIso(time);
}

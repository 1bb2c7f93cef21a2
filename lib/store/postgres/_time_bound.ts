import { type EpochMs, toIso } from "../../core/time.ts";

/** A time for SQL, or infinity for an open end. */
export function bound(time: EpochMs | undefined, none: "-infinity" | "infinity"): string {
  return time === undefined ? none : toIso(time);
}

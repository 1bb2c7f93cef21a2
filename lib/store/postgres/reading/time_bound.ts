import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";

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

/** The part of a range, whose ends may be open, within another one. */
export function partWithin(
  { from, to }: Partial<TimeRange>,
  within: TimeRange | undefined,
): Partial<TimeRange> {
  if (within === undefined) {
    return { ...from === undefined ? {} : { from }, ...to === undefined ? {} : { to } };
  }
  return {
    from: Math.max(from ?? within.from, within.from),
    to: Math.min(to ?? within.to, within.to),
  };
}

import type { EpochMs, TimeRange } from "../../core/time.ts";

/** Rows that one statement processes in a few seconds, whatever the table's size. */
export const PART_ROWS = 500_000;

/** The times that cut a range of `rows` rows into parts of about `partRows` each. */
export function cutTimes({ from, to }: TimeRange, rows: number, partRows: number): EpochMs[] {
  const count = Math.ceil(rows / partRows);
  return Array.from(
    { length: Math.max(0, count - 1) },
    (_, i) => Math.round(from + (to - from) * (i + 1) / count),
  );
}

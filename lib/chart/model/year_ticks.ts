import type { EpochMs, TimeRange } from "../../core/time.ts";

export interface YearTick extends TimeRange {
  readonly year: number;
}

/** The calendar years, UTC, that touch a range; each cut to it. */
export function yearTicks({ from, to }: TimeRange): YearTick[] {
  const first = yearOf(from);
  const count = Math.max(0, yearOf(to - 1) - first + 1);
  return Array.from({ length: count }, (_, i) => ({
    year: first + i,
    from: Math.max(from, Date.UTC(first + i, 0)),
    to: Math.min(to, Date.UTC(first + i + 1, 0)),
  }));
}

function yearOf(time: EpochMs): number {
  return new Date(time).getUTCFullYear();
}

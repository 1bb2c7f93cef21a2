import type { Interval } from "../../core/interval.ts";

/** What every page needs to know of the site for its links. */
export interface Site {
  /** `""` or `/wick`. */
  readonly basePath: string;
  /** The first is shown by default. */
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
}

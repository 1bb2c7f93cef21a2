import type { GapClass } from "../../core/gaps.ts";
import type { Interval } from "../../core/interval.ts";
import type { SeriesState, SeriesStatus } from "./series_status.ts";

/** Selects series; absent parts select all. */
export interface SeriesFilter {
  readonly symbol: string | undefined;
  /** Part of a symbol, in any case. */
  readonly text: string | undefined;
  readonly quote: string | undefined;
  readonly interval: Interval | undefined;
  readonly state: SeriesState | undefined;
  readonly symbolStatus: string | undefined;
  /** Series with gaps of this class. */
  readonly class: GapClass | undefined;
  readonly history: HistoryState | undefined;
}

export const HISTORY_STATES = ["complete", "incomplete"] as const;
export type HistoryState = typeof HISTORY_STATES[number];

/** True if a filter selects by anything. */
export function isFiltered(filter: SeriesFilter): boolean {
  const { symbol, text, quote, interval, state, symbolStatus, class: reason, history } = filter;
  return [symbol, text, quote, interval, state, symbolStatus, reason, history]
    .some((value) => value !== undefined);
}

export function filterSeries(
  all: readonly SeriesStatus[],
  filter: SeriesFilter,
): readonly SeriesStatus[] {
  if (!isFiltered(filter)) return all;
  const { symbol, quote, interval, state, symbolStatus, class: reason, history } = filter;
  const text = filter.text?.toUpperCase();
  return all.filter((one) =>
    (symbol === undefined || one.symbol === symbol) &&
    (text === undefined || one.symbol.includes(text)) &&
    (quote === undefined || one.quote === quote) &&
    (interval === undefined || one.interval === interval) &&
    (state === undefined || one.state === state) &&
    (symbolStatus === undefined || one.symbolStatus === symbolStatus) &&
    (reason === undefined || one.gaps.some((gap) => gap.class === reason)) &&
    (history === undefined || (one.remaining === 0) === (history === "complete"))
  );
}

export const SORT_KEYS = [
  "symbol",
  "first",
  "newest",
  "candles",
  "coverage",
  "gaps",
  "remaining",
] as const;
export type SortKey = typeof SORT_KEYS[number];
export type SortOrder = "asc" | "desc";

/** Order that a list begins with: the series that need attention, or the largest, first. */
export const FIRST_ORDER: Record<SortKey, SortOrder> = {
  symbol: "asc",
  first: "asc",
  newest: "asc",
  candles: "desc",
  coverage: "asc",
  gaps: "desc",
  remaining: "desc",
};

const VALUE: Record<Exclude<SortKey, "symbol">, (one: SeriesStatus) => number | undefined> = {
  first: (one) => one.firstOpenTime,
  newest: (one) => one.newestClosed,
  candles: (one) => one.rows,
  coverage: (one) => one.coverage,
  gaps: ({ gaps }) => gaps.reduce((sum, { missing }) => sum + missing, 0),
  remaining: (one) => one.remaining,
};

/** Equal values keep the configured order; unknown ones come last in both orders. */
export function sortSeries(
  all: readonly SeriesStatus[],
  key: SortKey | undefined,
  order: SortOrder,
): readonly SeriesStatus[] {
  if (key === undefined) return all;
  const sign = order === "asc" ? 1 : -1;
  if (key === "symbol") {
    return all.toSorted((a, b) => sign * (a.symbol < b.symbol ? -1 : Number(a.symbol > b.symbol)));
  }
  const valued = all.map((one) => ({ one, value: VALUE[key](one) }));
  return valued.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined);
    }
    return sign * (a.value - b.value);
  }).map(({ one }) => one);
}

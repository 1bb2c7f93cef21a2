import type { GapClass } from "../../core/gaps.ts";
import type { Interval } from "../../core/interval.ts";
import { numberText } from "../../core/text/number_text.ts";
import { type BackfillPlan, planBackfill } from "../../core/remaining_history.ts";
import type { EpochMs } from "../../core/time.ts";
import {
  type GapSum,
  SERIES_STATES,
  type SeriesState,
  type SeriesStatus,
  STATE_WORD,
} from "./series_status.ts";

/** Totals of all series, for the parts of the status page that do not list them. */
export interface SeriesSummary {
  readonly total: number;
  /** Number of series by state. */
  readonly states: Readonly<Record<SeriesState, number>>;
  /** Series whose wanted history is stored. */
  readonly complete: number;
  readonly rows: number;
  readonly rowsOf: ReadonlyMap<Interval, number>;
  /** Classes of existing gaps, sorted. */
  readonly gaps: readonly GapSum[];
  /** The collected series whose newest candle closed last. */
  readonly newest: SeriesStatus | undefined;
  /** Oldest time for which candles are stored or expected. */
  readonly since: EpochMs | undefined;
  readonly openHistory: OpenHistory;
  /** Values that a filter can have, sorted. */
  readonly quotes: readonly string[];
  readonly symbolStatuses: readonly string[];
}

/** Series without complete history. */
export interface OpenHistory {
  readonly total: number;
  readonly first: readonly SeriesStatus[];
  readonly plan: BackfillPlan;
}

/** Incomplete series that are listed by name. */
const FIRST_NAMED = 8;

export function summarise(
  all: readonly SeriesStatus[],
  weightLimit: number | undefined,
): SeriesSummary {
  const states = Object.fromEntries(SERIES_STATES.map((state) => [state, 0])) as Record<
    SeriesState,
    number
  >;
  const rowsOf = new Map<Interval, number>();
  let newest: SeriesStatus | undefined;
  let since: EpochMs | undefined;
  for (const one of all) {
    states[one.state]++;
    rowsOf.set(one.interval, (rowsOf.get(one.interval) ?? 0) + one.rows);
    const start = one.since ?? one.firstOpenTime;
    if (start !== undefined && start < (since ?? Infinity)) since = start;
    const isLater = (one.newestClosed ?? -1) > (newest?.newestClosed ?? -1);
    if (isLater && one.state !== "left") newest = one;
  }
  return {
    total: all.length,
    states,
    complete: all.filter(({ remaining }) => remaining === 0).length,
    rows: rowsOf.values().reduce((sum, rows) => sum + rows, 0),
    rowsOf,
    gaps: sumGaps(all),
    newest,
    since,
    openHistory: toOpenHistory(all, weightLimit),
    quotes: valuesOf(all, ({ quote }) => quote),
    symbolStatuses: valuesOf(all, ({ symbolStatus }) => symbolStatus),
  };
}

function sumGaps(all: readonly SeriesStatus[]): GapSum[] {
  const sums = new Map<GapClass, { ranges: number; missing: number }>();
  for (const { gaps } of all) {
    for (const { class: reason, ranges, missing } of gaps) {
      const sum = sums.get(reason) ?? { ranges: 0, missing: 0 };
      sums.set(reason, { ranges: sum.ranges + ranges, missing: sum.missing + missing });
    }
  }
  return [...sums].map(([reason, sum]) => ({ class: reason, ...sum }))
    .sort((a, b) => a.class < b.class ? -1 : 1);
}

function toOpenHistory(
  all: readonly SeriesStatus[],
  weightLimit: number | undefined,
): OpenHistory {
  const followed = all.filter(({ state }) => state !== "left");
  const open = followed.filter(({ remaining }) => remaining !== 0);
  const left = followed.map(({ remaining, archived }) => ({ rows: remaining, archived }));
  return {
    total: open.length,
    first: open.slice(0, FIRST_NAMED),
    plan: planBackfill(left, weightLimit),
  };
}

function valuesOf(
  all: readonly SeriesStatus[],
  read: (one: SeriesStatus) => string | undefined,
): string[] {
  return [...new Set(all.map(read))].filter((value) => value !== undefined).sort();
}

const CONCERNS = ["stale", "late", "collecting"] as const;

/** `All 30 series fresh`, or the numbers of others: `2 of 30 late, 1 of 30 collecting`. */
export function headlineOf({ total, states }: Pick<SeriesSummary, "total" | "states">): string {
  const followed = total - states.left;
  const counts = CONCERNS.filter((state) => states[state] > 0)
    .map((state) => `${count(states[state])} of ${count(followed)} ${STATE_WORD[state]}`);
  if (counts.length > 0) return counts.join(", ");
  if (followed === 0) return "No series";
  return followed === 1 ? "1 series fresh" : `All ${count(followed)} series fresh`;
}

const count = (value: number) => numberText(value, 0);

/** The worst state, shown as the headline's icon. */
export function worstState({ states }: Pick<SeriesSummary, "states">): SeriesState {
  return CONCERNS.find((state) => states[state] > 0) ?? "fresh";
}

import type { Wick } from "../composition.ts";
import { type BackfillPlan, planBackfill } from "../core/remaining_history.ts";
import { countWhole } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import {
  DEFAULT_WEIGHT_LIMIT,
  PAGE_ROWS,
  REQUEST_WEIGHT,
  WEIGHT_SHARE,
} from "../core/request_weight.ts";
import { type EpochMs, FIRST_LISTING, type TimeRange } from "../core/time.ts";
import type { SeriesState } from "../ports/kline_store.ts";

/** From when on, and up to when; without `from` from the newest stored candle on. */
export interface WantedTime {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/** The stretch of a series that is wanted, as far as it can exist. */
export function wantedRange(
  { from, to }: WantedTime,
  state: SeriesState | undefined,
  now: EpochMs,
): TimeRange {
  const begin = from ?? state?.lastOpenTime ?? now;
  return {
    from: Math.max(begin, state?.listedAt ?? FIRST_LISTING),
    to: Math.min(to ?? now, now),
  };
}

/** What is known of a series; nothing of one that was never collected. */
export async function stateOf({ jobs }: Wick, series: Series): Promise<SeriesState | undefined> {
  return await jobs.store.getState(series).catch((error) => {
    if (error.code === "not_found") return undefined;
    throw error;
  });
}

/** Candles that asking for a series will bring, those of a page to begin with if nothing is held. */
export function expectedRows(
  series: Series,
  wanted: WantedTime,
  { state, now }: { state: SeriesState | undefined; now: EpochMs },
): number {
  if (wanted.from === undefined && state?.lastOpenTime === undefined) return PAGE_ROWS;
  return countWhole(wantedRange(wanted, state, now), series.interval);
}

/**
 * With the exchange's list of symbols and its clock, which every collection asks for. `stored` are
 * the candles that go to the disk, when it is more than those asked for.
 */
export function planRequests(asked: readonly number[], stored?: number): BackfillPlan {
  const requests = planBackfill(asked.map((rows) => ({ rows })));
  const { rows, megabytes } = planBackfill([{ rows: stored ?? requests.rows }]);
  const plan = { ...requests, rows, megabytes };
  const weight = plan.weight + REQUEST_WEIGHT.exchangeInfo + REQUEST_WEIGHT.time;
  const minutes = weight / (DEFAULT_WEIGHT_LIMIT * WEIGHT_SHARE);
  return { ...plan, requests: plan.requests + 2, weight, minutes };
}

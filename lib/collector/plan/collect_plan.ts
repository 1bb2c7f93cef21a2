import { AppError } from "../../core/errors.ts";
import { type BackfillPlan, planBackfill } from "../../core/remaining_history.ts";
import { countWhole } from "../../core/interval.ts";
import type { Series } from "../../core/kline.ts";
import {
  DEFAULT_WEIGHT_LIMIT,
  PAGE_ROWS,
  REQUEST_WEIGHT,
  WEIGHT_SHARE,
} from "../../core/request_weight.ts";
import { type EpochMs, FIRST_LISTING, type TimeRange } from "../../core/time.ts";
import type { ImportedStore } from "../../ports/imported_store.ts";
import type { ArchiveSource } from "../../ports/archive_source.ts";
import type { KlineStore, SeriesState } from "../../ports/kline_store.ts";
import type { JobDeps } from "../run.ts";

/** Dependencies of collecting on request. */
export interface OrderDeps extends JobDeps {
  /** The exchange's archive; `undefined`: the API alone. */
  readonly archive: ArchiveSource | undefined;
  /** Candles of other programs' files. */
  readonly imported: ImportedStore;
  readonly now: () => EpochMs;
  /** The exchange's clock. */
  readonly serverTime: () => EpochMs;
}

/** Open times `[from, to)`; without `from` the range begins at the newest stored candle. */
export interface WantedTime {
  readonly from?: EpochMs | undefined;
  readonly to?: EpochMs | undefined;
}

/** The wanted range of a series, limited to the time since its listing. */
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

/** Stored range of a series; `undefined` for one that was never collected. */
export async function stateOf(
  { store }: { readonly store: Pick<KlineStore, "getState"> },
  series: Series,
): Promise<SeriesState | undefined> {
  return await store.getState(series).catch((error) => {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  });
}

/**
 * Candles that requests for a series will bring; one batch if nothing is stored and `from` is not
 * set.
 */
export function expectedRows(
  series: Series,
  wanted: WantedTime,
  { state, now }: { state: SeriesState | undefined; now: EpochMs },
): number {
  if (wanted.from === undefined && state?.lastOpenTime === undefined) return PAGE_ROWS;
  return countWhole(wantedRange(wanted, state, now), series.interval);
}

/**
 * Adds the requests for the exchange's symbols and clock, which every collection makes. `stored`
 * are the candles that will be stored, if they are more than those requested.
 */
export function planRequests(asked: readonly number[], stored?: number): BackfillPlan {
  const requests = planBackfill(asked.map((rows) => ({ rows })));
  const { rows, megabytes } = planBackfill([{ rows: stored ?? requests.rows }]);
  const plan = { ...requests, rows, megabytes };
  const weight = plan.weight + REQUEST_WEIGHT.exchangeInfo + REQUEST_WEIGHT.time;
  const minutes = weight / (DEFAULT_WEIGHT_LIMIT * WEIGHT_SHARE);
  return { ...plan, requests: plan.requests + 2, weight, minutes };
}

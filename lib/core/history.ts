import { countWhole, firstOpenFrom, type Interval } from "./interval.ts";
import {
  BACKGROUND_SHARE,
  DEFAULT_WEIGHT_LIMIT,
  PAGE_ROWS,
  REQUEST_WEIGHT,
} from "./request_weight.ts";
import type { EpochMs } from "./time.ts";

/** What is known of a series, as far as it tells how much of its history is still to come. */
export interface HistoryFacts {
  readonly interval: Interval;
  readonly rows: number;
  readonly firstOpenTime: EpochMs | undefined;
  /** Open time of the exchange's very first candle, once asked for. */
  readonly listedAt: EpochMs | undefined;
  /** Candles missing in holes that have not been asked for yet. */
  readonly pending: number;
}

/**
 * Candles still to come: those before the oldest stored one back to the listing or to `since`, and
 * the holes that are ours. `undefined` while nobody knows where the series begins. Outages of the
 * exchange that lie ahead are counted in, so it is never too low.
 */
export function remainingRows(
  { interval, firstOpenTime, listedAt, pending }: HistoryFacts,
  since: EpochMs,
  now: EpochMs,
): number | undefined {
  if (listedAt === undefined) return undefined;
  const start = firstOpenFrom(Math.max(since, listedAt), interval, listedAt);
  return countWhole({ from: start, to: firstOpenTime ?? now }, interval) + pending;
}

/** What history costs before it is asked for. */
export interface BackfillPlan {
  readonly rows: number;
  readonly requests: number;
  readonly weight: number;
  /** What the background's share of the exchange's limit makes of the weight: it cannot go faster. */
  readonly minutes: number;
  /** On disk, index included. */
  readonly megabytes: number;
}

/** Measured over a million candles with their primary key. */
const ROW_BYTES = 190;

/**
 * The cost of collecting so many candles of each series; a series that nobody knows the beginning of
 * (`undefined`) costs the question for it. `weightLimit` is the exchange's, a minute.
 */
export function planBackfill(
  remaining: readonly (number | undefined)[],
  weightLimit: number = DEFAULT_WEIGHT_LIMIT,
): BackfillPlan {
  const rows = remaining.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const requests = remaining.reduce<number>(
    (sum, count) => sum + (count === undefined ? 1 : Math.ceil(count / PAGE_ROWS)),
    0,
  );
  const weight = requests * REQUEST_WEIGHT.klines;
  return {
    rows,
    requests,
    weight,
    minutes: weight / (weightLimit * BACKGROUND_SHARE),
    megabytes: rows * ROW_BYTES / 1e6,
  };
}

import { archivedUntil, countArchiveFiles } from "./archive_file.ts";
import { countWhole, firstOpenFrom, type Interval } from "./interval.ts";
import {
  BACKGROUND_SHARE,
  DEFAULT_WEIGHT_LIMIT,
  PAGE_ROWS,
  REQUEST_WEIGHT,
} from "./request_weight.ts";
import type { EpochMs } from "./time.ts";

/** The facts about a series from which its remaining history follows. */
export interface HistoryFacts {
  readonly interval: Interval;
  readonly rows: number;
  readonly firstOpenTime: EpochMs | undefined;
  /** Open time of the exchange's first candle; `undefined` until it was requested. */
  readonly listedAt: EpochMs | undefined;
  /** Candles in gaps that have not been requested yet. */
  readonly pending: number;
}

/**
 * Candles not collected yet: those before the oldest stored one back to the listing or to `since`,
 * and pending gaps. `undefined` while the listing date is unknown. Includes candles of outages not
 * reached yet, so it is never too low.
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

/** The remaining candles in archive files. */
export interface ArchiveShare {
  readonly rows: number;
  readonly files: number;
}

/** The part of `remainingRows` that archive files contain; 0 while the listing date is unknown. */
export function archiveShare(
  { firstOpenTime = Infinity, listedAt = Infinity, interval }: ArchiveFacts,
  since: EpochMs,
  now: EpochMs,
): ArchiveShare {
  const from = Math.max(since, listedAt);
  const to = Math.min(firstOpenTime, archivedUntil(now)); // newer candles come from the API
  const files = countArchiveFiles(interval, { from, to });
  return { rows: files === 0 ? 0 : countWhole({ from, to }, interval), files };
}

type ArchiveFacts = Pick<HistoryFacts, "interval"> & Partial<HistoryFacts>;

/** The remaining history of a series. */
export interface HistoryLeft {
  /** `undefined` while the listing date is unknown. */
  readonly rows: number | undefined;
  /** The part in archive files; default 0. */
  readonly archived?: ArchiveShare | undefined;
}

/** The estimated cost of collecting history. */
export interface BackfillPlan {
  readonly rows: number;
  /** Archive files, which cost no weight. */
  readonly files: number;
  /** Requests for candles that are in no file. */
  readonly requests: number;
  readonly weight: number;
  /** Shortest possible time, from the weight and the background's share of the limit. */
  readonly minutes: number;
  /** Bytes on disk, including the index. */
  readonly megabytes: number;
}

/** Bytes of a candle with its primary key, measured over a million of them. */
export const ROW_BYTES = 190;

/**
 * Estimates the cost of the remaining history of each series. A series with an unknown listing date
 * costs one request for it. `weightLimit` is the exchange's limit per minute.
 */
export function planBackfill(
  left: readonly HistoryLeft[],
  weightLimit: number = DEFAULT_WEIGHT_LIMIT,
): BackfillPlan {
  const sum = (count: (one: HistoryLeft) => number) =>
    left.reduce((total, one) => total + count(one), 0);
  const rows = sum((one) => one.rows ?? 0);
  const requests = sum(pagesOf);
  const weight = requests * REQUEST_WEIGHT.klines;
  return {
    rows,
    files: sum(({ archived }) => archived?.files ?? 0),
    requests,
    weight,
    minutes: weight / (weightLimit * BACKGROUND_SHARE),
    megabytes: rows * ROW_BYTES / 1e6,
  };
}

function pagesOf({ rows, archived }: HistoryLeft): number {
  if (rows === undefined) return 1;
  return Math.ceil(Math.max(0, rows - (archived?.rows ?? 0)) / PAGE_ROWS);
}

import { archivedUntil, archiveFilesOf, isWorthwhile } from "./archive_file.ts";
import { countWhole, firstOpenFrom, type Interval } from "./interval.ts";
import type { Series } from "./kline.ts";
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

/** Of the candles still to come, those that files of the exchange's archive bring. */
export interface ArchiveShare {
  readonly rows: number;
  readonly files: number;
}

/** Takes of `remainingRows` what comes in files; nothing while nobody knows where the series begins. */
export function archiveShare(
  series: Series,
  { firstOpenTime = Infinity, listedAt = Infinity }: Partial<HistoryFacts>,
  since: EpochMs,
  now: EpochMs,
): ArchiveShare {
  const from = Math.max(since, listedAt);
  const to = Math.min(firstOpenTime, archivedUntil(now)); // what is younger comes by the API
  const files = archiveFilesOf(series, { from, to }, now).filter(isWorthwhile);
  const rows = files.reduce((sum, { range }) => {
    const part = { from: Math.max(from, range.from), to: Math.min(to, range.to) };
    return sum + countWhole(part, series.interval);
  }, 0);
  return { rows, files: files.length };
}

/** What is still to come of a series. */
export interface HistoryLeft {
  /** `undefined` while nobody knows where it begins. */
  readonly rows: number | undefined;
  /** Those of them that files bring; absent: none. */
  readonly archived?: ArchiveShare | undefined;
}

/** What history costs before it is asked for. */
export interface BackfillPlan {
  readonly rows: number;
  /** Files of the archive, which cost no weight. */
  readonly files: number;
  /** For what the files do not bring. */
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
 * The cost of collecting what is left of each series; one that nobody knows the beginning of costs
 * the question for it. `weightLimit` is the exchange's, a minute.
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

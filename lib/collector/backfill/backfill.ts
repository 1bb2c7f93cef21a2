import { AppError } from "../../core/errors.ts";
import { firstOpenFrom } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../../core/time.ts";
import type { KlinePage } from "../../ports/kline_source.ts";
import { aheadOf, type CollectorDeps, storePages } from "../collect.ts";
import { isOffGrid } from "../continuity.ts";
import { readAhead } from "../read_ahead.ts";

/**
 * Collects history backwards from the oldest stored candle, newest first, to the exchange's first
 * candle or to `since`. An interrupted run continues at the oldest stored candle. A series without
 * candles is left to `collectForward`.
 */
export async function backfillSeries(
  deps: CollectorDeps,
  series: Series,
  since: EpochMs,
  signal: AbortSignal,
): Promise<void> {
  const { firstOpenTime } = await deps.store.getState(series);
  if (firstOpenTime === undefined) return;
  if (firstOpenTime <= firstOpenFrom(since, series.interval, firstOpenTime)) return;
  const end = Math.max(since, await findListing(deps, series, signal));
  const older = pagesBefore(deps, series, { from: end, to: firstOpenTime }, signal);
  for await (const pages of readAhead(older, aheadOf(deps))) {
    await storePages(deps, series, pages.toReversed(), signal);
  }
}

/** The exchange's batches of a range, the newest batch first; ascending within each. */
async function* pagesBefore(
  { source, log }: CollectorDeps,
  series: Series,
  { from, to }: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<KlinePage> {
  let first = to;
  let isDoubtful = true;
  while (first > from) {
    const page = await source.page(series, { to: first }, signal);
    const klines = page.klines.filter((kline) => kline.openTime >= from);
    const oldest = klines[0]?.openTime;
    if (oldest === undefined && (page.klines.length > 0 || !isDoubtful)) {
      const facts = { oldest: toIso(first), listed: toIso(from) };
      if (page.klines.length === 0) {
        log.warn(`${seriesName(series)} starts later than before`, facts);
      }
      return;
    }
    isDoubtful = oldest !== undefined;
    if (oldest === undefined) continue;
    yield { ...page, klines };
    first = oldest;
  }
}

/** Open time of the exchange's first candle of the series; requested once. */
export async function findListing(
  { store, source }: CollectorDeps,
  series: Series,
  signal: AbortSignal,
): Promise<EpochMs> {
  const known = (await store.getState(series)).listedAt;
  if (known !== undefined) return known;
  const { klines } = await source.page(series, { from: 0, limit: 1 }, signal);
  const first = klines[0]?.openTime;
  if (first === undefined) return 0; // unknown: fetch history until it is empty
  if (isOffGrid({ openTime: first }, series)) {
    const name = seriesName(series);
    throw new AppError(
      "bad_payload",
      `Cannot trust klines of ${name}: the first one opens off the grid, at ${toIso(first)}`,
    );
  }
  await store.saveListedAt(series, first);
  return first;
}

import { archiveFilesOf } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import { countWhole, endOf } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { SECOND_MS, type TimeRange } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import { type ArchiveOrder, loadArchive } from "./backfill/archive_job.ts";
import { findListing } from "./backfill/backfill.ts";
import { collectFrom } from "./collect.ts";
import { type CollectOrder, repairDeps } from "./collect_once.ts";
import { type OrderDeps, planRequests, stateOf, wantedRange } from "./plan/collect_plan.ts";
import { forEachSeries } from "./each_series.ts";
import { bearRemoval } from "./removal.ts";
import { fillKnownGaps } from "./repair.ts";
import { executeRun, type JobReport, prepareSymbols, requireListed } from "./run.ts";

/** Time limit for listing dates: the archive also works while the exchange is unreachable. */
const PATIENCE_MS = 5 * SECOND_MS;

/** The missing candles of a series, and the files that contain them. */
interface Missing extends ArchiveOrder {
  readonly range: TimeRange;
  readonly rows: number;
  /** Rows that are in no file. */
  readonly restRows: number;
}

/**
 * Stores missing candles from files of the exchange's archive.
 *
 * @throws `invalid_input` when there is no archive
 */
export async function collectArchive(deps: OrderDeps, order: CollectOrder): Promise<JobReport[]> {
  const { archive } = deps;
  const { series, signal, onPlan, onPage } = order;
  if (archive === undefined) {
    throw new AppError(
      "invalid_input",
      "Cannot collect from the archive: ARCHIVE_URL is off or not set",
    );
  }
  await lookUpListings(deps, order);
  const missing = await findAllMissing(deps, order);
  const rows = missing.reduce((sum, one) => sum + one.rows, 0);
  const plan = planRequests(missing.map(({ restRows }) => restRows), rows);
  await onPlan(plan, missing.reduce((sum, { files }) => sum + files.length, 0));
  if (series.length === 0) return [];
  return await loadArchive(
    { ...deps, archive, now: deps.serverTime, onPage },
    missing,
    signal,
  );
}

/** Collects from the API the candles that the archive did not bring. */
export function collectMissing(deps: OrderDeps, order: CollectOrder): Promise<JobReport> {
  const { series, signal, onPage } = order;
  return executeRun({ ...deps, onPage }, "collect", async (step) => {
    const symbols = await prepareSymbols(step, series, signal);
    const missing = await findAllMissing(deps, order);
    const ranges = new Map(missing.map(({ series, range }) => [seriesName(series), range]));
    return await forEachSeries(
      series,
      signal,
      (one) =>
        bearRemoval(requireListed(symbols, one), async () => {
          const range = ranges.get(seriesName(one))!;
          for (const stretch of await findMissing(deps, one, range)) {
            await collectFrom(step, one, stretch, signal);
          }
          await fillKnownGaps(repairDeps(deps, step), one, range, signal);
        }),
    );
  }, signal);
}

/** Without a listing date the range begins with the exchange's first day. */
async function lookUpListings(deps: OrderDeps, { series, signal }: CollectOrder): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const { store, log, openSource, historySince } = deps;
  const step = { store, log, source: openSource(), runId: 0, historySince };
  try {
    await step.source.serverTime(patience);
    await prepareSymbols(step, series, patience);
    await forEachSeries(series, patience, async (one) => {
      await findListing(step, one, patience);
    });
  } catch {
    signal.throwIfAborted();
  }
}

function findAllMissing(deps: OrderDeps, { series, wanted }: CollectOrder): Promise<Missing[]> {
  const now = deps.serverTime();
  return Promise.all(series.map(async (one): Promise<Missing> => {
    const state = await stateOf(deps, one);
    const from = Math.max(wanted.from ?? 0, deps.historySince);
    const range = wantedRange({ ...wanted, from }, state, now);
    const stretches = state === undefined ? [range] : await findMissing(deps, one, range);
    return { series: one, range, since: range.from, ...orderFiles(one, stretches, now) };
  }));
}

function orderFiles(series: Series, stretches: readonly TimeRange[], now: number) {
  const count = (ranges: readonly TimeRange[]) =>
    ranges.reduce((sum, range) => sum + countWhole(range, series.interval), 0);
  const parts = stretches.flatMap((stretch) =>
    archiveFilesOf(series, stretch, now).map((file) => ({
      file,
      part: {
        from: Math.max(file.range.from, stretch.from),
        to: Math.min(file.range.to, stretch.to),
      },
    }))
  );
  const files = [...new Map(parts.map(({ file }) => [file.name, file])).values()];
  const rows = count(stretches);
  const restRows = Math.max(0, rows - count(parts.map(({ part }) => part)));
  return { files, rows, restRows };
}

interface Held {
  readonly store: Pick<KlineStore, "getState">;
  readonly gaps: Pick<GapLedger, "list">;
}

/** Ranges not stored: before the first candle, pending gaps, after the last candle. */
async function findMissing(
  { store, gaps }: Held,
  series: Series,
  range: TimeRange,
): Promise<TimeRange[]> {
  const { firstOpenTime, lastOpenTime } = await store.getState(series);
  if (firstOpenTime === undefined || lastOpenTime === undefined) return [range];
  const { symbol, interval } = series;
  const pending = await gaps.list({ symbol, interval, class: "pending" });
  return [
    { from: range.from, to: Math.min(range.to, firstOpenTime) },
    ...pending.map(({ from, to }) => ({
      from: Math.max(range.from, from),
      to: Math.min(range.to, to),
    })),
    { from: Math.max(range.from, endOf(lastOpenTime, interval)), to: range.to },
  ].filter(({ from, to }) => from < to);
}

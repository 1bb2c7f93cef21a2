import { type ArchiveOrder, loadArchive } from "../collector/archive_job.ts";
import { findListing } from "../collector/backfill.ts";
import { collectFrom } from "../collector/collect.ts";
import { forEachSeries } from "../collector/each_series.ts";
import { findMissing } from "../collector/missing.ts";
import { bearRemoval } from "../collector/removal.ts";
import { fillKnownHoles } from "../collector/repair.ts";
import { executeRun, type JobReport, prepareSymbols, requireListed } from "../collector/run.ts";
import type { Wick } from "../composition.ts";
import { archiveFilesOf } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import { countWhole } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { SECOND_MS, type TimeRange } from "../core/time.ts";
import { type CollectOrder, repairDeps } from "./collect_once.ts";
import { planRequests, stateOf, wantedRange } from "./collect_plan.ts";

/** The archive can do without the exchange, which is asked for this long when trading began. */
const PATIENCE_MS = 5 * SECOND_MS;

/** What is missing of a series, and the files that have it. */
interface Missing extends ArchiveOrder {
  readonly range: TimeRange;
  /** Candles in all. */
  readonly rows: number;
  /** Of them, those that no file should have. */
  readonly restRows: number;
}

/** Stores what is missing from files of the exchange's archive. */
export async function collectArchive(wick: Wick, order: CollectOrder): Promise<JobReport[]> {
  const { archive, jobs, services } = wick;
  const { series, signal, onPlan, onPage } = order;
  if (archive === undefined) {
    throw new AppError("invalid_input", "--source archive: set ARCHIVE_URL to say where it is");
  }
  await askAboutSymbols(wick, order);
  const missing = await findAllMissing(wick, order);
  const rows = missing.reduce((sum, one) => sum + one.rows, 0);
  const plan = planRequests(missing.map(({ restRows }) => restRows), rows);
  await onPlan(plan, missing.reduce((sum, { files }) => sum + files.length, 0));
  if (series.length === 0) return [];
  return await loadArchive(
    { ...jobs, archive, now: services.exchange.serverTime, onPage },
    missing,
    signal,
  );
}

/** Collects from the API what is missing still. */
export function collectMissing(wick: Wick, order: CollectOrder): Promise<JobReport> {
  const { series, signal, onPage } = order;
  return executeRun({ ...wick.jobs, onPage }, "collect", async (step) => {
    const symbols = await prepareSymbols(step, series, signal);
    const missing = await findAllMissing(wick, order);
    const ranges = new Map(missing.map(({ series, range }) => [seriesName(series), range]));
    return await forEachSeries(
      series,
      signal,
      (one) =>
        bearRemoval(requireListed(symbols, one), async () => {
          const range = ranges.get(seriesName(one))!;
          for (const stretch of await findMissing(wick.jobs, one, range)) {
            await collectFrom(step, one, stretch, signal);
          }
          await fillKnownHoles(repairDeps(wick, step), one, range, signal);
        }),
    );
  }, signal);
}

/** Without an answer the archive is asked from the exchange's first day on. */
async function askAboutSymbols(wick: Wick, { series, signal }: CollectOrder): Promise<void> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const { jobs } = wick;
  const { store, log, openSource } = jobs;
  const step = { store, log, source: openSource(), runId: 0, historySince: jobs.historySince };
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

function findAllMissing(wick: Wick, { series, wanted }: CollectOrder): Promise<Missing[]> {
  const now = wick.services.exchange.serverTime();
  return Promise.all(series.map(async (one): Promise<Missing> => {
    const state = await stateOf(wick, one);
    const from = Math.max(wanted.from ?? 0, wick.jobs.historySince);
    const range = wantedRange({ ...wanted, from }, state, now);
    const stretches = state === undefined ? [range] : await findMissing(wick.jobs, one, range);
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

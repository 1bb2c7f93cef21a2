import type { ArchiveFile } from "../../core/archive_file.ts";
import { AppError, describeError } from "../../core/errors.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { ArchiveSource, KlineFile } from "../../ports/archive_source.ts";
import type { CollectorDeps } from "../collect.ts";
import { forEachSeries } from "../each_series.ts";
import { type ExchangeContact, prepareOffline } from "../files/offline.ts";
import { readAhead } from "../read_ahead.ts";
import { executeRun, type JobDeps, type JobReport } from "../run.ts";
import { storeFile } from "../files/store_file.ts";

export interface ArchiveJobDeps extends JobDeps {
  readonly archive: ArchiveSource;
  readonly now: () => EpochMs;
}

/** Wanted files of a series, newest first. */
export interface ArchiveOrder {
  readonly series: Series;
  readonly files: readonly ArchiveFile[];
  /** Drops candles before this time. */
  readonly since: EpochMs;
}

/** Consecutive failed downloads after which the archive counts as unavailable. */
const FAILURES_UNTIL_GONE = 2;
/** Rejected files listed in a run; their reasons are usually the same. */
const MAX_NAMED = 20;

/**
 * Stores files of the exchange's archive; daily and monthly files are separate runs. A missing file
 * is not a failure. An invalid or unavailable file is recorded with its run, and its candles are
 * fetched from the API later: as gaps or by the backfill.
 * @throws errors that end the run, such as an unavailable database
 */
export async function loadArchive(
  deps: ArchiveJobDeps,
  orders: readonly ArchiveOrder[],
  signal: AbortSignal,
): Promise<JobReport[]> {
  const reports: JobReport[] = [];
  for (const period of ["daily", "monthly"] as const) {
    const wanted = orders.flatMap((order) => {
      const files = order.files.filter((file) => file.period === period);
      return files.length === 0 ? [] : [{ ...order, files }];
    });
    if (wanted.length > 0) reports.push(await loadPeriod(deps, period, wanted, signal));
  }
  return reports;
}

function loadPeriod(
  deps: ArchiveJobDeps,
  origin: ArchiveFile["period"],
  orders: readonly ArchiveOrder[],
  signal: AbortSignal,
): Promise<JobReport> {
  const contact: ExchangeContact = { now: deps.now, signal };
  const byName = new Map(orders.map((order) => [seriesName(order.series), order]));
  return executeRun({ ...deps, origin }, "archive", async (step) => {
    const refused = new Map<string, unknown>();
    const failures = await forEachSeries(
      orders.map(({ series }) => series),
      signal,
      (series) =>
        loadSeries({ ...deps, step, contact }, byName.get(seriesName(series))!, refused, signal),
    );
    const named = [...refused].slice(0, MAX_NAMED);
    const more = refused.size - named.length;
    if (more > 0) named.push(["others", new Error(`${more} more files`)]);
    return new Map([...failures, ...named]);
  }, signal);
}

async function loadSeries(
  deps: Pick<ArchiveJobDeps, "archive" | "log" | "runs"> & {
    readonly step: CollectorDeps;
    readonly contact: ExchangeContact;
  },
  { series, files, since }: ArchiveOrder,
  refused: Map<string, unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { log, runs, step, contact } = deps;
  const origin = files[0]!.period;
  const serverTime = await prepareOffline(step, { ...series, origin }, contact);
  const refuse = async (name: string, error: unknown) => {
    const reason = describeError(error);
    // An unreachable archive is logged once, not for every series.
    const isKnown = isOutOfReach(error) && refused.values().some(isOutOfReach);
    log[isKnown ? "debug" : "warn"](
      `Requesting the candles of ${name} from the API instead: ${reason}`,
    );
    refused.set(name, error);
    await runs.refuse(step.runId, series, { name, reason });
  };
  for await (const ready of readAhead(downloads(deps, files, signal), 1)) {
    const { name, opened, error } = ready[0]!;
    if (error !== undefined) await refuse(name, error);
    if (opened === undefined) continue;
    try {
      await storeFile(step, opened, { admit: () => Promise.resolve(serverTime), since }, signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "bad_payload") throw error;
      await refuse(name, error);
    }
  }
}

function isOutOfReach(error: unknown): boolean {
  return error instanceof AppError && error.code === "exchange_unavailable";
}

type Download = {
  readonly name: string;
  readonly opened?: KlineFile | undefined;
  readonly error?: unknown;
};

async function* downloads(
  { archive }: Pick<ArchiveJobDeps, "archive">,
  files: readonly ArchiveFile[],
  signal: AbortSignal,
): AsyncGenerator<Download> {
  let inARow = 0;
  for (const file of files) {
    const { name } = file;
    try {
      yield { name, opened: await archive.open(file, signal) };
      inARow = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      yield { name, error };
      inARow = isOutOfReach(error) ? inARow + 1 : 0;
      if (inARow >= FAILURES_UNTIL_GONE) return;
    }
  }
}

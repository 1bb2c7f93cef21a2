import { AppError, describeError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { Logger } from "../ports/host.ts";
import type { KlineSource, MarketSymbol } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import type { CandleOrigin, RunLedger, RunOutcome, RunResult } from "../ports/run_ledger.ts";
import type { CollectorDeps, PageCount } from "./collect.ts";
import { describeFailures } from "./each_series.ts";

/** What the collector's jobs are handed by the composition root. */
export interface JobDeps {
  /** Opens a source that counts its own requests; background ones leave weight to the others. */
  readonly openSource: (options?: { readonly isBackground: boolean }) => KlineSource;
  readonly store: KlineStore;
  readonly gaps: GapLedger;
  readonly runs: RunLedger;
  readonly log: Logger;
  /** Candles that open before this time are not stored; 0: all are. */
  readonly historySince: EpochMs;
  /** Where the candles come from: the API unless given. */
  readonly origin?: CandleOrigin;
  /** Told of each page, for progress bars. */
  readonly onPage?: (
    series: Series,
    page: PageCount,
    usage: ReturnType<KlineSource["usage"]>,
  ) => void;
}

/** What a job did; `failures` are the series that failed while others went on, by name. */
export interface JobReport extends RunResult {
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Executes a job as a run of the run history: counts what it stores and spends, and records how it
 * ended. With `signal` it tells a run that was stopped from one that failed.
 *
 * @throws what `work` throws, after it has been recorded
 */
export async function executeRun(
  jobDeps: JobDeps,
  job: string,
  work: (deps: CollectorDeps) => Promise<ReadonlyMap<string, unknown>>,
  signal?: AbortSignal,
): Promise<JobReport> {
  const { store, runs, log, historySince } = jobDeps;
  const runId = await runs.start(job, jobDeps.origin ?? "rest");
  const source = jobDeps.openSource();
  const total = { fetched: 0, new: 0, corrected: 0, unchanged: 0, conflicts: 0 };
  const onPage = (series: Series, page: PageCount) => {
    for (const key of ["fetched", "new", "corrected", "unchanged", "conflicts"] as const) {
      total[key] += page[key] ?? 0;
    }
    jobDeps.onPage?.(series, page, source.usage());
  };
  const report = (
    outcome: RunOutcome,
    error: string,
    failures: ReadonlyMap<string, unknown> = new Map(),
  ): JobReport => {
    const { requests, weight, simulated } = source.usage();
    return { ...total, requests, weight, simulated, failures, outcome, error: error || undefined };
  };
  try {
    const failures = await work({ store, source, log, runId, historySince, onPage });
    const isEmpty = total.fetched === 0;
    const outcome = failures.size === 0 ? "done" : isEmpty ? "failed" : "partial";
    const result = report(outcome, describeFailures(failures), failures);
    await runs.finish(runId, result);
    logResult(log, job, result);
    return result;
  } catch (error) {
    const result = report(signal?.aborted ? "stopped" : "failed", describeError(error));
    await runs.finish(runId, result).catch(() => {}); // the store may be what failed
    throw error;
  }
}

function logResult(log: Logger, job: string, result: JobReport): void {
  const { fetched, requests, weight, new: added, corrected, error } = result;
  const conflicts = result.conflicts || undefined;
  const fields = { fetched, new: added, corrected, conflicts, requests, weight };
  if (error === undefined) log.info(`Finished ${job}`, fields);
  else log.warn(`Finished ${job}, not all of it: ${error}`, fields);
}

/**
 * Makes the wanted symbols known to the store, as the exchange describes them now. Those that it
 * does not list, but has listed before, come back with the status `REMOVED`; others are left out.
 */
export async function prepareSymbols(
  { source, store }: CollectorDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<Map<string, MarketSymbol>> {
  const listed = new Map((await source.listSymbols(signal)).map((one) => [one.symbol, one]));
  const wanted = [...new Set(series.map(({ symbol }) => symbol))];
  const found = wanted.flatMap((symbol) => listed.get(symbol) ?? []);
  await store.saveSymbols(found);
  const gone = await store.markRemoved(wanted.filter((symbol) => !listed.has(symbol)));
  const known = new Map([...found, ...gone].map((one) => [one.symbol, one]));
  for (const one of series) if (known.has(one.symbol)) await store.openSeries(one);
  return known;
}

/** @throws `not_found` for a symbol that the exchange has never listed */
export function requireListed(
  symbols: ReadonlyMap<string, MarketSymbol>,
  { symbol }: Series,
): MarketSymbol {
  const listed = symbols.get(symbol);
  if (listed) return listed;
  throw new AppError("not_found", `Cannot find symbol on Binance: ${symbol}`, { param: "symbol" });
}

/** Records a job that brings no candles in the run history; see `executeRun`. */
export async function recordRun(
  runs: RunLedger,
  job: string,
  work: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const runId = await runs.start(job, undefined);
  const finish = (outcome: RunOutcome, error: string | undefined) =>
    runs.finish(runId, { ...NOTHING, outcome, error });
  try {
    await work();
  } catch (error) {
    await finish(signal.aborted ? "stopped" : "failed", describeError(error)).catch(() => {});
    throw error;
  }
  await finish("done", undefined);
}

const NOTHING = {
  ...{ fetched: 0, new: 0, corrected: 0, unchanged: 0, requests: 0, weight: 0 },
  simulated: undefined,
};

import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { Logger } from "../ports/host.ts";
import type { KlineSource, MarketList, MarketSymbol } from "../ports/kline_source.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import type { CandleOrigin, RunLedger, RunOutcome, RunResult } from "../ports/run_ledger.ts";
import type { CollectorDeps, PageCount } from "./collect.ts";
import { describeFailures } from "./each_series.ts";
import { findMaintenance, type MarketShare } from "./maintenance.ts";
import type { SeriesHealth } from "./series_health.ts";

/** Dependencies of the collector's jobs, from the composition root. */
export interface JobDeps {
  /** Opens a source that counts its own requests; background ones leave weight to others. */
  readonly openSource: (options?: { readonly isBackground: boolean }) => KlineSource;
  readonly store: KlineStore;
  readonly gaps: GapLedger;
  readonly runs: RunLedger;
  readonly log: Logger;
  /** Candles that open before this time are not stored; 0: all are. */
  readonly historySince: EpochMs;
  /** Lets failing series pause; commands request all of them. */
  readonly health?: SeriesHealth;
  /** Called by each run with whether the exchange is under maintenance. */
  readonly onMaintenance?: (evidence: MarketShare | undefined) => Promise<void>;
  /** Source of the candles; default: the API. */
  readonly origin?: CandleOrigin;
  /** Called for each batch, for progress bars. */
  readonly onPage?: (
    series: Series,
    page: PageCount,
    usage: ReturnType<KlineSource["usage"]>,
  ) => void;
}

/** The result of a job; `failures` are the series that failed while others continued, by name. */
export interface JobReport extends RunResult {
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Runs a job and records it in the run history: counts stored rows and used weight, and the
 * outcome. An abort of `signal` is recorded as cut or stopped instead of failed.
 * @throws errors of `work`, after recording them
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
  let current = 0;
  const total = { fetched: 0, new: 0, corrected: 0, unchanged: 0, conflicts: 0, confirmed: 0 };
  const onPage = (series: Series, page: PageCount) => {
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += page[key] ?? 0;
    jobDeps.onPage?.(series, page, source.usage());
  };
  const report = (
    outcome: RunOutcome,
    error: string,
    failures: ReadonlyMap<string, unknown> = new Map(),
  ): JobReport => {
    const { requests, weight, simulated } = source.usage();
    const isCounted = ![...failures.values()].some(isStoreFailure);
    return {
      ...total,
      requests,
      weight,
      simulated,
      failures,
      outcome,
      error: error || undefined,
      isCounted,
    };
  };
  try {
    const { onMaintenance } = jobDeps;
    const onCurrent = (series: number) => void (current += series);
    const step = { store, source, log, runId, historySince, onPage, onCurrent };
    const failures = await work(onMaintenance === undefined ? step : { ...step, onMaintenance });
    const isEmpty = total.fetched + current === 0;
    const outcome = failures.size === 0 ? "done" : isEmpty ? "failed" : "partial";
    const result = report(outcome, describeFailures(failures), failures);
    await runs.finish(runId, result);
    logResult(log, job, result);
    return result;
  } catch (error) {
    const outcome = outcomeOf(signal);
    const result = report(outcome, outcome === "cut" ? "" : describeError(error));
    const isCounted = !signal?.aborted && !isStoreFailure(error);
    // The database may be what failed.
    await runs.finish(runId, { ...result, isCounted }).catch(() => {});
    throw error;
  }
}

/** True if a transaction may have been committed without an answer. */
function isStoreFailure(error: unknown): boolean {
  return error instanceof AppError && error.code === "store_unavailable";
}

/** The outcome of a run that ends with an error: a time limit is an `AbortSignal.timeout`. */
function outcomeOf(signal: AbortSignal | undefined): RunOutcome {
  if (!signal?.aborted) return "failed";
  const { reason } = signal;
  return reason instanceof DOMException && reason.name === "TimeoutError" ? "cut" : "stopped";
}

/** Dependencies whose requests leave weight to others. */
export function inBackground(deps: JobDeps): JobDeps {
  return { ...deps, openSource: () => deps.openSource({ isBackground: true }) };
}

/** Failures are logged when a series begins to fail, not by every run. */
function logResult(log: Logger, job: string, result: JobReport): void {
  const { fetched, requests, weight, new: added, corrected, failures } = result;
  const conflicts = result.conflicts || undefined;
  const failed = failures.size || undefined;
  const fields = { fetched, new: added, corrected, conflicts, failed, requests, weight };
  log.info(`Finished ${job}`, fields);
  if (result.error !== undefined) log.debug(`Failures of ${job}: ${result.error}`);
}

/** Result of a step over several series. */
export interface StepResult {
  /** By name. */
  readonly failures: ReadonlyMap<string, unknown>;
  /** Series that were requested from the exchange; one that did not fail has recovered. */
  readonly asked: readonly Series[];
}

/**
 * Runs a step for those of `series` that are not paused, and records their health. Returns failures
 * by name; paused series are among them.
 */
export async function withHealth(
  { health }: Pick<JobDeps, "health">,
  series: readonly Series[],
  work: (due: readonly Series[]) => Promise<StepResult>,
): Promise<ReadonlyMap<string, unknown>> {
  if (health === undefined) return (await work(series)).failures;
  const { due, resting } = await health.sort(series);
  if (due.length === 0) return resting;
  const { failures, asked } = await work(due);
  const attempted = new Set(asked.map(seriesName)).union(new Set(failures.keys()));
  await health.note(due.filter((one) => attempted.has(seriesName(one))), failures);
  return new Map([...failures, ...resting]);
}

/** The wanted markets as the exchange describes them now, and whether it is under maintenance. */
export interface Markets {
  readonly bySymbol: ReadonlyMap<string, MarketSymbol>;
  /** Symbols that the exchange lists with a malformed entry. */
  readonly unreadable: readonly string[];
  readonly isMaintenance: boolean;
}

/**
 * Registers the wanted symbols in the database, as the exchange describes them now. Symbols that it
 * no longer lists get the status `REMOVED`; unknown ones are left out. Symbols whose entry is
 * temporarily absent or malformed keep their saved state.
 */
export async function prepareSymbols(
  step: CollectorDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<Markets> {
  const { store, source } = step;
  const wanted = [...new Set(series.map(({ symbol }) => symbol))];
  const list = await listOrRecall(step, wanted, signal);
  const listed = new Map(list.symbols.map((one) => [one.symbol, one]));
  const found = wanted.flatMap((symbol) => listed.get(symbol) ?? []);
  const now = await source.serverTime(signal);
  await store.saveSymbols(found, now);
  const isDoubtful = (symbol: string) => !list.isWhole || list.unreadable.includes(symbol);
  const absent = wanted.filter((symbol) => !listed.has(symbol));
  const recalled = await store.findMarkets(absent.filter(isDoubtful));
  const gone = await store.markRemoved(absent.filter((symbol) => !isDoubtful(symbol)), now);
  const bySymbol = new Map([...found, ...recalled, ...gone].map((one) => [one.symbol, one]));
  await store.openAll(series.filter(({ symbol }) => bySymbol.has(symbol)));
  const maintenance = await findMaintenance({ store, series, now }, list);
  await step.onMaintenance?.(maintenance);
  const { unreadable } = list;
  return { bySymbol, unreadable, isMaintenance: maintenance !== undefined };
}

/** The exchange's list; if only that request fails, the saved entries of the wanted symbols. */
async function listOrRecall(
  { source, store, log }: CollectorDeps,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<MarketList> {
  try {
    return await source.listSymbols(signal);
  } catch (error) {
    const isAlone = error instanceof AppError &&
      (error.code === "exchange_refused" || error.code === "bad_payload");
    const symbols = isAlone ? await store.findMarkets(wanted) : [];
    if (symbols.length === 0) throw error;
    log.debug(`Using the stored list of symbols: ${describeError(error)}`);
    return { symbols, unreadable: [], isWhole: false };
  }
}

/** @throws `not_found` for a symbol that was never listed, `bad_payload` for a malformed entry */
export function requireListed(
  { bySymbol, unreadable }: Markets,
  { symbol }: Series,
): MarketSymbol {
  const listed = bySymbol.get(symbol);
  if (listed) return listed;
  if (unreadable.includes(symbol)) {
    throw new AppError(
      "bad_payload",
      `Cannot read the entry of ${symbol} in Binance's list of symbols: it is malformed. ` +
        "wick reads the list again in every run",
    );
  }
  throw new AppError("not_found", `Cannot find symbol on Binance: ${symbol}`, { param: "symbol" });
}

/** Records a job that stores no candles in the run history; see `executeRun`. */
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
    const outcome = outcomeOf(signal);
    await finish(outcome, outcome === "cut" ? undefined : describeError(error)).catch(() => {});
    throw error;
  }
  await finish("done", undefined);
}

const NOTHING = {
  fetched: 0,
  new: 0,
  corrected: 0,
  unchanged: 0,
  requests: 0,
  weight: 0,
  simulated: undefined,
  isCounted: true,
};

import { AppError, describeError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { ArchiveSource } from "../ports/archive_source.ts";
import type { Leases } from "../ports/boards.ts";
import type { Clock, Disk, Logger } from "../ports/host.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import type { LifeStore } from "../ports/universe.ts";
import { backfillAll, type BackfillJobDeps } from "./backfill/backfill_job.ts";
import type { RequireRoom } from "./disk_space.ts";
import { runCollect, runRepair } from "./jobs.ts";
import { createRotation } from "./rotation.ts";
import { type JobDeps, recordRun } from "./run.ts";
import type { LookUpUniverse } from "./universe/universe_job.ts";

export interface ScheduleDeps extends JobDeps {
  readonly store: KlineStore;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  /** The series to collect now; fetches the exchange's symbols when SYMBOLS has groups. */
  readonly listSeries: (signal: AbortSignal) => Promise<readonly Series[]>;
  /** Request weight a minute that the exchange allows. */
  readonly weightLimit: () => number;
  /** For the history of short intervals; `undefined`: use the API only. */
  readonly archive?: ArchiveSource | undefined;
  readonly disk?: Disk | undefined;
  /**
   * True if a job continues within its tick, after its time limit and when the database is
   * unavailable; default `true`.
   */
  readonly retriesTicks?: boolean;
  /** The time limit of a run; default nine minutes. */
  readonly runMs?: number;
  /** Called before each job. */
  readonly requireRoom?: RequireRoom;
  /** Takes the snapshot of market caps. */
  readonly takeMarketCaps: (signal: AbortSignal) => Promise<void>;
  readonly lives?: Pick<LifeStore, "listArchived"> | undefined;
  /** Looks up listings and delistings, a portion at a time; runs in each repair. */
  readonly lookUpUniverse?: LookUpUniverse;
  /** Deletes imported candles that have one of the exchange; runs in each repair. */
  readonly pruneImported?: (signal: AbortSignal) => Promise<number>;
  /** Compares candles with the sums of shorter ones; runs after each repair. */
  readonly prove?: (signal: AbortSignal) => Promise<void>;
  /** Collecting by streams, where it is used. */
  readonly streams?: StreamJobs;
  /** Checks the freshness of every series; runs after each collect and repair. */
  readonly watch?: (signal: AbortSignal) => Promise<void>;
}

/** The part of collecting by streams that the jobs use. */
export interface StreamJobs {
  /** Follows closes until `stopping` aborts. */
  follow(stopping: AbortSignal): Promise<void>;
  /** The series that the collector must request; see `withoutStreamed`. */
  others(series: readonly Series[]): Promise<readonly Series[]>;
  /** See `findStreamed`. */
  findStreamed(): Promise<(series: Series) => boolean>;
}

/**
 * The jobs that the crons call; each runs in one instance at a time and ends when it is stopped.
 */
export interface Schedule {
  collect(): Promise<void>;
  repair(): Promise<void>;
  marketCaps(): Promise<void>;
  /**
   * Runs at start instead of waiting for the first tick: newest candles, market caps, then history.
   */
  begin(): Promise<void>;
  /** Resolves when no job is running any more. */
  settled(): Promise<void>;
}

/** Delay after a candle's end until the exchange's database has its final row. */
const SETTLING_MS = 5 * SECOND_MS;

/** The time limit of a run; shorter than any schedule. */
const RUN_MS = 9 * MINUTE_MS;

const FIRST_RETRY_MS = 5 * SECOND_MS;
const MAX_RETRY_MS = MINUTE_MS;

export function createSchedule(deps: ScheduleDeps, stopping: AbortSignal): Schedule {
  const { run, track, untilDone, whileStoreIsDown, settled } = createRunner(deps, stopping);
  const rotation = { pending: createRotation(), all: createRotation() };
  /** False during the first collection, which history would delay. */
  let hasCollected = true;
  const jobDeps = { ...deps, now: deps.clock.now, rotation };

  const collect = () =>
    run("collect", async (signal) => {
      const series = await listUnstreamed(deps, signal);
      const { failures } = await runCollect(deps, series, signal);
      if (failures.size > 0 && failures.size === series.length) throw [...failures.values()][0];
    });
  const repair = () => run("repair", (signal) => repairAll(jobDeps, signal));
  const marketCaps = () =>
    run(
      "market-caps",
      (signal) => recordRun(deps.runs, "market-caps", () => deps.takeMarketCaps(signal), signal),
    );

  const prove = () =>
    deps.prove === undefined ? Promise.resolve("done" as const) : run("prove", deps.prove);

  /** Runs in every instance, without a lease: a stuck instance must not be the only one to look. */
  async function watch(): Promise<void> {
    await track(deps.watch?.(stopping) ?? Promise.resolve()).catch((error) => {
      if (!stopping.aborted) reportFailure(deps.log, "freshness-watch", error);
    });
  }

  return {
    async collect() {
      await deps.clock.sleep(SETTLING_MS, stopping).catch(() => {});
      await untilDone(collect, whileStoreIsDown());
      await watch();
    },
    async repair() {
      if (!hasCollected) return deps.log.debug("Skipped repair: the first collection is running");
      await untilDone(repair, whileStoreIsDown());
      await watch();
      await untilDone(prove, () => false);
    },
    marketCaps: () => untilDone(marketCaps, whileStoreIsDown()),
    async begin() {
      hasCollected = false;
      await untilDone(collect).finally(() => hasCollected = true);
      void track(deps.streams?.follow(stopping) ?? Promise.resolve());
      await watch();
      await untilDone(marketCaps); // may need the closes just collected
      await untilDone(repair);
      await untilDone(prove, () => false);
    },
    settled,
  };
}

async function repairAll(deps: ScheduleDeps & BackfillJobDeps, signal: AbortSignal): Promise<void> {
  const series = await deps.listSeries(signal);
  const isStreamed = await deps.streams?.findStreamed();
  await runRepair({ ...deps, isStreamed }, series, signal);
  const pruned = await deps.pruneImported?.(signal) ?? 0;
  if (pruned > 0) deps.log.info(`Replaced ${pruned} imported candles with the exchange's`);
  const forgotten = await deps.runs.prune();
  if (forgotten > 0) deps.log.debug(`Deleted ${forgotten} old runs that have stored nothing`);
  await collectHistory(deps, series, signal);
}

async function listUnstreamed({ listSeries, streams }: ScheduleDeps, signal: AbortSignal) {
  const all = await listSeries(signal);
  return await streams?.others(all) ?? all;
}

/** A portion of the universe goes first, the rest last: history can take days. */
async function collectHistory(
  deps: ScheduleDeps & BackfillJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<void> {
  await lookUpUniverse(deps, signal);
  await backfillAll(deps, series, signal);
  let found: number;
  do found = await lookUpUniverse(deps, signal); while (found > 0);
}

/**
 * Looks up a portion of the exchange's symbols; returns how many were not known before. A failure
 * does not hold up the history of the collected series.
 */
async function lookUpUniverse(
  { lookUpUniverse, log }: ScheduleDeps,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await lookUpUniverse?.(signal) ?? 0;
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    reportFailure(log, "universe", error);
    return 0;
  }
}

/** `cut`: the job has reached its time limit and is not done. */
type Outcome = "done" | "failed" | "cut";

/** Runs jobs under their lease and time limit, and repeats those that fail or are cut. */
function createRunner(deps: ScheduleDeps, stopping: AbortSignal) {
  const { runMs = RUN_MS } = deps;
  const { track, settled } = createTracker();
  const reported = new Map<string, string>();
  /** True if the last failure of a job was caused by an unavailable database. */
  let isStoreDown = false;

  /** A job that another instance runs counts as done. */
  async function run(
    name: string,
    work: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<Outcome> {
    if (stopping.aborted) return "done";
    const limit = AbortSignal.timeout(runMs);
    const task = deps.leases.hold(name, AbortSignal.any([stopping, limit]), async (signal) => {
      await deps.requireRoom?.();
      await work(signal);
      reported.delete(name);
    });
    return await track((async () => {
      try {
        if (await task) return "done";
        deps.log.debug(`Skipped ${name}: another instance holds the lease`);
        await deps.runs.skip(name);
        return "done";
      } catch (error) {
        if (stopping.aborted) return "done";
        if (!limit.aborted) {
          note(name, error);
          return "failed";
        }
        reportPause(name, { ...deps, runMs });
        return "cut";
      }
    })());
  }

  /** Logs a failure; a job that keeps failing for the same reason is logged once. */
  function note(name: string, error: unknown): void {
    const message = describeError(error);
    if (reported.get(name) !== message) reportFailure(deps.log, name, error);
    reported.set(name, message);
    isStoreDown = error instanceof AppError && error.code === "store_unavailable";
  }

  const untilDone = (job: () => Promise<Outcome>, isWorthwhile = () => true) =>
    repeat(job, isWorthwhile, deps, stopping);

  /** A tick gives up before the next tick of the job is due. */
  function whileStoreIsDown(): () => boolean {
    const end = deps.clock.now() + runMs;
    return () => deps.retriesTicks !== false && isStoreDown && deps.clock.now() < end;
  }

  return { run, track, untilDone, whileStoreIsDown, settled };
}

function createTracker() {
  const running = new Set<Promise<unknown>>();
  return {
    async track<T>(task: Promise<T>): Promise<T> {
      running.add(task);
      try {
        return await task;
      } finally {
        running.delete(task);
      }
    },
    settled: async () => void await Promise.allSettled(running),
  };
}

/** Continues a job that is cut, and repeats one that fails with growing pauses, if worthwhile. */
async function repeat(
  job: () => Promise<Outcome>,
  isWorthwhile: () => boolean,
  { clock, retriesTicks = true }: Pick<ScheduleDeps, "clock" | "retriesTicks">,
  stopping: AbortSignal,
): Promise<void> {
  let pauseMs = FIRST_RETRY_MS;
  while (!stopping.aborted) {
    const outcome = await job();
    if (outcome === "done" || (outcome === "cut" && !retriesTicks)) return;
    if (outcome === "cut") continue;
    if (!isWorthwhile()) return;
    await clock.sleep(pauseMs, stopping).catch(() => {});
    pauseMs = Math.min(MAX_RETRY_MS, pauseMs * 2);
  }
}

/** Unreachable services are logged once, by the client of the exchange, provider or database. */
const LOGGED_BEFORE: ReadonlySet<string> = new Set([
  "exchange_unavailable",
  "rate_limited",
  "store_unavailable",
]);

function reportPause(
  name: string,
  { log, runMs, retriesTicks = true }: Pick<ScheduleDeps, "log" | "retriesTicks"> & {
    readonly runMs: number;
  },
): void {
  const next = retriesTicks ? "immediately" : "with the next run";
  log.info(`Paused ${name} at its time limit of ${runMs / MINUTE_MS} min; it continues ${next}`);
}

function reportFailure(log: Logger, name: string, error: unknown): void {
  if (error instanceof AppError && LOGGED_BEFORE.has(error.code)) {
    log.debug(`Job ${name} failed: ${describeError(error)}`);
  } else if (error instanceof AppError) log.warn(`Job ${name} failed: ${describeError(error)}`);
  else log.error(`Job ${name} failed: ${error instanceof Error ? error.stack : error}`);
}

import { AppError, describeError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { ArchiveSource } from "../ports/archive_source.ts";
import type { Leases } from "../ports/boards.ts";
import type { Clock, Disk, Logger } from "../ports/host.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import { backfillAll } from "./backfill_job.ts";
import type { RequireRoom } from "./disk_space.ts";
import { runCollect, runRepair } from "./jobs.ts";
import { type JobDeps, recordRun } from "./run.ts";

export interface ScheduleDeps extends JobDeps {
  readonly store: KlineStore;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly log: Logger;
  readonly series: readonly Series[];
  /** Request weight a minute that the exchange allows. */
  readonly weightLimit: () => number;
  /** For the history of short intervals; `undefined`: the API alone. */
  readonly archive?: ArchiveSource | undefined;
  readonly disk?: Disk | undefined;
  /** Whether a tick that fails for want of the database tries again before the next one; `true`. */
  readonly retriesTicks?: boolean;
  /** Asked before each job. */
  readonly requireRoom?: RequireRoom;
  /** Takes the snapshot of market caps. */
  readonly takeMarketCaps: (signal: AbortSignal) => Promise<void>;
  /** Looks at the freshness of every series; runs after each collect and repair. */
  readonly watch?: (signal: AbortSignal) => Promise<void>;
}

/** The jobs that the crons call; each runs in one instance at a time and ends when it is told to. */
export interface Schedule {
  collect(): Promise<void>;
  repair(): Promise<void>;
  marketCaps(): Promise<void>;
  /** What cannot wait for the first tick: the newest candles, market caps, then history. */
  begin(): Promise<void>;
  /** Resolves when no job is running any more. */
  settled(): Promise<void>;
}

/** After a candle's end, so that the exchange's database has its final row. */
const SETTLING_MS = 5 * SECOND_MS;

/** A job stops here and goes on with the next tick; shorter than any schedule. */
const BUDGET_MS = 9 * MINUTE_MS;

const FIRST_RETRY_MS = 5 * SECOND_MS;
const MAX_RETRY_MS = MINUTE_MS;

export function createSchedule(deps: ScheduleDeps, stopping: AbortSignal): Schedule {
  const running = new Set<Promise<unknown>>();
  const reported = new Map<string, string>();
  const jobDeps = { ...deps, now: deps.clock.now };

  /** Whether the last job that failed failed for want of the database. */
  let isStoreDown = false;

  /** Runs a job under its lease and budget; returns whether all of it was done, by whomever. */
  async function run(name: string, work: (signal: AbortSignal) => Promise<unknown>) {
    if (stopping.aborted) return true;
    const budget = AbortSignal.timeout(BUDGET_MS);
    const task = deps.leases.hold(name, AbortSignal.any([stopping, budget]), async (signal) => {
      await deps.requireRoom?.();
      await work(signal);
      reported.delete(name);
    });
    running.add(task);
    try {
      if (!await task) {
        deps.log.debug(`Left ${name} to the instance that is at it`);
        await deps.runs.skip(name);
      }
      return true;
    } catch (error) {
      if (stopping.aborted || budget.aborted) return true; // it goes on with the next tick
      const message = describeError(error);
      // A job that fails for the same reason time after time is logged once.
      if (reported.get(name) !== message) reportFailure(deps.log, name, error);
      reported.set(name, message);
      isStoreDown = error instanceof AppError && error.code === "store_unavailable";
      return false;
    } finally {
      running.delete(task);
    }
  }

  const collect = () =>
    run("collect", async (signal) => {
      const { failures } = await runCollect(deps, deps.series, signal);
      if (failures.size === deps.series.length) throw [...failures.values()][0];
    });
  const repair = () =>
    run("repair", async (signal) => {
      await runRepair(jobDeps, deps.series, signal);
      await backfillAll(jobDeps, deps.series, signal);
    });
  const marketCaps = () =>
    run(
      "market-caps",
      (signal) => recordRun(deps.runs, "market-caps", () => deps.takeMarketCaps(signal), signal),
    );

  /** In every instance, whoever did the job: one that is stuck must not be the only one to look. */
  async function watch(): Promise<void> {
    const task = deps.watch?.(stopping) ?? Promise.resolve();
    running.add(task);
    await task.catch((error) => {
      if (!stopping.aborted) reportFailure(deps.log, "watch freshness", error);
    });
    running.delete(task);
  }

  /** Repeats a job that fails: until it is done, or only while the database is what is missing. */
  async function untilDone(
    job: () => Promise<boolean>,
    isWorthwhile = () => true,
  ): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    while (!stopping.aborted && !await job() && isWorthwhile()) {
      await deps.clock.sleep(pauseMs, stopping).catch(() => {});
      pauseMs = Math.min(MAX_RETRY_MS, pauseMs * 2);
    }
  }

  /** A tick gives up before the next one of the jobs is due. */
  function whileStoreIsDown(): () => boolean {
    const end = deps.clock.now() + BUDGET_MS;
    return () => deps.retriesTicks !== false && isStoreDown && deps.clock.now() < end;
  }

  return {
    async collect() {
      await deps.clock.sleep(SETTLING_MS, stopping).catch(() => {});
      await untilDone(collect, whileStoreIsDown());
      await watch();
    },
    async repair() {
      await untilDone(repair, whileStoreIsDown());
      await watch();
    },
    marketCaps: () => untilDone(marketCaps, whileStoreIsDown()),
    async begin() {
      await untilDone(collect);
      await watch();
      await untilDone(marketCaps); // may need the closes just collected
      await untilDone(repair);
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}

/** What is out of reach is logged once, by the client of exchange, provider or database. */
const LOGGED_BEFORE: ReadonlySet<string> = new Set([
  "exchange_unavailable",
  "rate_limited",
  "store_unavailable",
]);

function reportFailure(log: Logger, name: string, error: unknown): void {
  if (error instanceof AppError && LOGGED_BEFORE.has(error.code)) {
    log.debug(`Could not ${name}: ${describeError(error)}`);
  } else if (error instanceof AppError) log.warn(`Could not ${name}: ${describeError(error)}`);
  else log.error(`Could not ${name}: ${error instanceof Error ? error.stack : error}`);
}

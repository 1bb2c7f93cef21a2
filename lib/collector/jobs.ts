import { type Series, seriesName } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import { auditSeries } from "./audit.ts";
import { backfillSeries, findListing } from "./backfill.ts";
import { createProgressLog, logPlan, measureBackfill } from "./backfill_log.ts";
import { collectForward, collectNewest, type CollectorDeps } from "./collect.ts";
import { forEachSeries } from "./each_series.ts";
import { recordEdges } from "./edges.ts";
import { bearRemoval } from "./removal.ts";
import { fillGaps, fillPending } from "./repair.ts";
import {
  executeRun,
  type JobDeps,
  type JobReport,
  prepareSymbols,
  requireListed,
  withHealth,
} from "./run.ts";

/** Brings every series up to its last closed candle; see `collectForward`. */
export function runCollect(
  deps: JobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  return executeRun(deps, "collect", (step) =>
    withHealth(deps, series, async (due) => {
      const markets = await prepareSymbols(step, due, signal);
      return await forEachSeries(
        due,
        signal,
        (one) => bearRemoval(requireListed(markets, one), () => collectForward(step, one, signal)),
      );
    }), signal);
}

export interface RepairJobDeps extends JobDeps {
  readonly now: () => EpochMs;
  /** Request weight per minute that the exchange allows. */
  readonly weightLimit: () => number;
}

/**
 * Batches of older candles audited per repair, over all series: a twentieth of a minute's weight.
 */
const AUDIT_PAGES = 120;

/**
 * Repairs every series: fills its gaps, and audits its newest candles and, in rotation, older ones
 * for revisions; see `fillGaps` and `auditSeries`. A series with pending gaps is audited in the
 * next repair.
 */
export function runRepair(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince } = deps;
  const pages = Math.ceil(AUDIT_PAGES / series.length);
  return executeRun(
    inBackground(deps),
    "repair",
    (step) =>
      withHealth(deps, series, async (due) => {
        const own = { ...step, gaps, now };
        const markets = await prepareSymbols(step, due, signal);
        const { isMaintenance } = markets;
        return await forEachSeries(due, signal, async (one) => {
          const market = requireListed(markets, one);
          await bearRemoval(market, async () => {
            const filled = await fillGaps(own, one, signal);
            await collectNewest(own, one, signal);
            if (filled === 0) await auditSeries(own, one, pages, signal);
          });
          await recordEdges(own, one, { ...market, isMaintenance }, historySince, signal);
        });
      }),
    signal,
  );
}

/**
 * Collects the candles before the oldest stored one of every series, and requests gaps found on the
 * way a second time; see `backfillSeries`. Logs its cost first, then its progress.
 */
export function runBackfill(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince } = deps;
  return executeRun(
    inBackground(deps),
    "backfill",
    (step) =>
      withHealth(deps, series, async (due) => {
        const doubtful = await forEachSeries(due, signal, async (one) => {
          await findListing(step, one, signal);
        });
        const known = due.filter((one) => !doubtful.has(seriesName(one)));
        const own = { ...await announce(deps, known, step), gaps, now };
        const failed = await forEachSeries(
          known,
          signal,
          (one) => backfillSeries(own, one, historySince, signal),
        );
        // Only now: the other series tell an outage from a suspension.
        const whole = known.filter((one) => !failed.has(seriesName(one)));
        const open = await forEachSeries(whole, signal, async (one) => {
          await fillGaps(own, one, signal);
        });
        return new Map([...doubtful, ...failed, ...open]);
      }, { provesRecovery: false }),
    signal,
  );
}

/** Logs the plan, and then the progress. */
async function announce(
  deps: RepairJobDeps,
  series: readonly Series[],
  step: CollectorDeps,
): Promise<CollectorDeps> {
  const { now, historySince: since, log, store } = deps;
  const weightLimit = deps.weightLimit();
  const states = await Promise.all(series.map((one) => store.getState(one)));
  // A series without candles has no start for a backfill, so it is collected first.
  const begun = series.filter((_, i) => states[i]!.firstOpenTime !== undefined);
  const start = await measureBackfill(deps, begun, { since, now: now(), weightLimit });
  if (start.plan.rows > 0) logPlan(log, start);
  const advance = createProgressLog(log, start, now);
  return {
    ...step,
    onPage(one, page) {
      step.onPage?.(one, page);
      advance(page.new, step.source.usage());
    },
  };
}

function inBackground(deps: JobDeps): JobDeps {
  return { ...deps, openSource: () => deps.openSource({ isBackground: true }) };
}

/**
 * Brings one series up to its last closed candle, including known pending gaps, for its live
 * viewers; returns the open time of the newest stored candle. Does not request exchangeInfo: only
 * collected series have viewers.
 */
export async function runCatchUp(
  deps: JobDeps & { readonly now: () => EpochMs },
  series: Series,
  signal: AbortSignal,
): Promise<EpochMs> {
  const { gaps, now, log, store } = deps;
  const quiet = { ...log, info: log.debug }; // one line per minute would hide the others
  await executeRun({ ...deps, log: quiet }, "live", async (step) => {
    await collectForward(step, series, signal);
    await fillPending({ ...step, gaps, now }, series, signal);
    return new Map();
  }, signal);
  return (await store.getState(series)).lastOpenTime ?? 0;
}

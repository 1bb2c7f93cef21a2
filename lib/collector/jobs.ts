import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import { auditSeries } from "./audit.ts";
import { backfillSeries } from "./backfill.ts";
import { collectForward, collectNewest } from "./collect.ts";
import { forEachSeries } from "./each_series.ts";
import { recordEdges } from "./edges.ts";
import { fillHoles } from "./repair.ts";
import { executeRun, type JobDeps, type JobReport, prepareSymbols, requireListed } from "./run.ts";

/** Brings every series up to its last closed candle; see `collectForward`. */
export function runCollect(
  deps: JobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  return executeRun(deps, "collect", async (step) => {
    const symbols = await prepareSymbols(step, series, signal);
    return await forEachSeries(series, signal, async (one) => {
      requireListed(symbols, one);
      await collectForward(step, one, signal);
    });
  }, signal);
}

export interface RepairJobDeps extends JobDeps {
  readonly now: () => EpochMs;
  /** How far back history is wanted; 0: everything. */
  readonly historySince: EpochMs;
}

/** Pages of older candles that one repair reads again, over all series: a twentieth of a minute's weight. */
const AUDIT_PAGES = 120;

/**
 * Makes every series whole again as far as the exchange can: fills its holes, and reads its newest
 * candles and, in rotation, older ones again, in case they were restated; see `fillHoles` and
 * `auditSeries`. A series that had holes of ours is audited the next time.
 */
export function runRepair(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince } = deps;
  const pages = Math.ceil(AUDIT_PAGES / series.length);
  return executeRun(deps, "repair", async (step) => {
    const symbols = await prepareSymbols(step, series, signal);
    return await forEachSeries(series, signal, async (one) => {
      const own = { ...step, gaps, now };
      const market = requireListed(symbols, one);
      await recordEdges(own, one, market, historySince, signal);
      const filled = await fillHoles(own, one, signal);
      await collectNewest(own, one, signal);
      if (filled === 0) await auditSeries(own, one, pages, signal);
    });
  }, signal);
}

/**
 * Collects what lies before the oldest stored candle of every series, and asks again for the holes
 * that turn up on the way; see `backfillSeries`.
 */
export function runBackfill(
  deps: RepairJobDeps,
  series: readonly Series[],
  signal: AbortSignal,
): Promise<JobReport> {
  const { gaps, now, historySince } = deps;
  return executeRun(deps, "backfill", (step) =>
    forEachSeries(series, signal, async (one) => {
      await backfillSeries(step, one, historySince, signal);
      await fillHoles({ ...step, gaps, now }, one, signal);
    }), signal);
}

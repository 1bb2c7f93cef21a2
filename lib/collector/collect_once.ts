import type { BackfillPlan } from "../core/remaining_history.ts";
import type { Series } from "../core/kline.ts";
import { PAGE_ROWS } from "../core/request_weight.ts";
import { findListing } from "./backfill/backfill.ts";
import { collectForward, collectFrom, type CollectorDeps } from "./collect.ts";
import {
  expectedRows,
  type OrderDeps,
  planRequests,
  stateOf,
  type WantedTime,
} from "./plan/collect_plan.ts";
import { forEachSeries } from "./each_series.ts";
import { bearRemoval } from "./removal.ts";
import { fillKnownGaps } from "./repair.ts";
import { executeRun, type JobDeps, type JobReport, prepareSymbols, requireListed } from "./run.ts";

/** Series to collect on request, and callbacks for the plan and the progress. */
export interface CollectOrder {
  readonly series: readonly Series[];
  readonly wanted: WantedTime;
  readonly signal: AbortSignal;
  /** Called with the plan before anything is requested for it; throws to cancel. */
  readonly onPlan: (plan: BackfillPlan, files: number) => Promise<void>;
  readonly onPage: NonNullable<JobDeps["onPage"]>;
}

/** Estimates requests, time and disk space from what is stored, without a request. */
export async function planCollect(
  deps: OrderDeps,
  series: readonly Series[],
  wanted: WantedTime,
): Promise<BackfillPlan> {
  const now = deps.serverTime();
  const rows = series.map(async (one) =>
    expectedRows(one, wanted, { state: await stateOf(deps, one), now })
  );
  return planRequests(await Promise.all(rows));
}

/** Collects from the API, and requests the gaps found on the way again. */
export function collectRest(deps: OrderDeps, order: CollectOrder): Promise<JobReport> {
  const { series, wanted, signal, onPlan, onPage } = order;
  return executeRun({ ...deps, onPage }, "collect", async (step) => {
    const markets = await prepareSymbols(step, series, signal);
    await step.source.serverTime(signal); // once, instead of once per series
    const listed = series.filter(({ symbol }) => markets.bySymbol.has(symbol));
    if (wanted.from !== undefined) await learnListings(deps, step, order, listed);
    await onPlan(await planCollect(deps, listed, wanted), 0);
    return await forEachSeries(series, signal, (one) => {
      const market = requireListed(markets, one);
      return bearRemoval(market, () => collectOne(deps, step, one, order));
    });
  }, signal);
}

/**
 * Looks up the listing dates of series with more than one batch to collect: the plan depends on
 * them.
 */
async function learnListings(
  deps: OrderDeps,
  step: CollectorDeps,
  { wanted, signal }: CollectOrder,
  series: readonly Series[],
): Promise<void> {
  const now = deps.serverTime();
  await forEachSeries(series, signal, async (one) => {
    const rows = expectedRows(one, wanted, { state: await stateOf(deps, one), now });
    if (rows > PAGE_ROWS) await findListing(step, one, signal);
  });
}

async function collectOne(
  deps: OrderDeps,
  step: CollectorDeps,
  series: Series,
  { wanted, signal }: CollectOrder,
): Promise<void> {
  const { from, to = Infinity } = wanted;
  const held = await step.store.getState(series);
  if (from === undefined) await collectForward(step, series, signal);
  else await collectFrom(step, series, { from, to }, signal);
  const range = { from: from ?? held.lastOpenTime ?? 0, to };
  await fillKnownGaps(repairDeps(deps, step), series, range, signal);
}

export function repairDeps({ gaps, now }: OrderDeps, step: CollectorDeps) {
  return { ...step, gaps, now };
}

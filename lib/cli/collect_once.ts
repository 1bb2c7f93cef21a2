import { findListing } from "../collector/backfill.ts";
import { collectForward, collectFrom, type CollectorDeps } from "../collector/collect.ts";
import { forEachSeries } from "../collector/each_series.ts";
import { bearRemoval } from "../collector/removal.ts";
import { fillKnownHoles } from "../collector/repair.ts";
import { executeRun, type JobReport, prepareSymbols, requireListed } from "../collector/run.ts";
import type { Wick } from "../composition.ts";
import type { BackfillPlan } from "../core/remaining_history.ts";
import type { Series } from "../core/kline.ts";
import { PAGE_ROWS } from "../core/request_weight.ts";
import { expectedRows, planRequests, stateOf, type WantedTime } from "./collect_plan.ts";

/** What is to be collected, and who wants to know about it. */
export interface CollectOrder {
  readonly series: readonly Series[];
  readonly wanted: WantedTime;
  readonly signal: AbortSignal;
  /** Told what will be spent before it is; throws to refuse. */
  readonly onPlan: (plan: BackfillPlan, files: number) => Promise<void>;
  readonly onPage: NonNullable<Wick["jobs"]["onPage"]>;
}

/** What the wanted candles cost, as far as it can be told without asking anybody. */
export async function planCollect(
  wick: Wick,
  series: readonly Series[],
  wanted: WantedTime,
): Promise<BackfillPlan> {
  const now = wick.services.exchange.serverTime();
  const rows = series.map(async (one) =>
    expectedRows(one, wanted, { state: await stateOf(wick, one), now })
  );
  return planRequests(await Promise.all(rows));
}

/** Collects from the API, and asks again for the holes that turn up. */
export function collectRest(wick: Wick, order: CollectOrder): Promise<JobReport> {
  const { series, wanted, signal, onPlan, onPage } = order;
  return executeRun({ ...wick.jobs, onPage }, "collect", async (step) => {
    const markets = await prepareSymbols(step, series, signal);
    await step.source.serverTime(signal); // once, not once for each series
    const listed = series.filter(({ symbol }) => markets.bySymbol.has(symbol));
    if (wanted.from !== undefined) await learnListings(wick, step, order, listed);
    await onPlan(await planCollect(wick, listed, wanted), 0);
    return await forEachSeries(series, signal, (one) => {
      const market = requireListed(markets, one);
      return bearRemoval(market, () => collectOne(wick, step, one, order));
    });
  }, signal);
}

/** Long stretches are planned from the first candle there is; a short one is not worth asking. */
async function learnListings(
  wick: Wick,
  step: CollectorDeps,
  { wanted, signal }: CollectOrder,
  series: readonly Series[],
): Promise<void> {
  const now = wick.services.exchange.serverTime();
  await forEachSeries(series, signal, async (one) => {
    const rows = expectedRows(one, wanted, { state: await stateOf(wick, one), now });
    if (rows > PAGE_ROWS) await findListing(step, one, signal);
  });
}

async function collectOne(
  wick: Wick,
  step: CollectorDeps,
  series: Series,
  { wanted, signal }: CollectOrder,
): Promise<void> {
  const { from, to = Infinity } = wanted;
  const held = await step.store.getState(series);
  if (from === undefined) await collectForward(step, series, signal);
  else await collectFrom(step, series, { from, to }, signal);
  const range = { from: from ?? held.lastOpenTime ?? 0, to };
  await fillKnownHoles(repairDeps(wick, step), series, range, signal);
}

export function repairDeps({ jobs: { gaps }, services: { now } }: Wick, step: CollectorDeps) {
  return { ...step, gaps, now };
}

import { ageOf, freshnessOf } from "../core/freshness.ts";
import type { GapClass } from "../core/gaps.ts";
import { bySeries, seriesName } from "../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { BudgetState } from "../ports/boards.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { RollupProof } from "../ports/rollup_ledger.ts";
import type { SeriesDisputes } from "../ports/status_reader.ts";
import type { MetricSet } from "./metric_set.ts";

/** The current state at the time of the request. */
export interface Readings {
  /** True if each dependency responds. */
  readonly up: Readonly<Record<string, boolean>>;
  /** Empty while the database is unavailable. */
  readonly series: readonly SeriesCoverage[];
  /** By series with viewers. */
  readonly disputes: readonly SeriesDisputes[];
  /** By series with a shorter interval. */
  readonly proofs: readonly RollupProof[];
  /** Streams open in this process. */
  readonly viewers: number;
  /** End of the newest complete or partial run of each job. */
  readonly successes: readonly { readonly job: string; readonly at: EpochMs }[];
  readonly budget: BudgetState | undefined;
  /** `undefined` without a replica, `Infinity` while it is unavailable. */
  readonly replicaLagMs: number | undefined;
  readonly serverTime: EpochMs;
}

/** All zero when a series has none: alerts do not work on absent classes. */
const GAP_CLASSES: readonly GapClass[] = ["not_listed", "exchange_outage", "pending", "delisted"];

/** Replaces every gauge, so that outdated values are no longer reported. */
export function setGauges(metrics: MetricSet, readings: Readings): void {
  const { up, viewers, successes, budget, replicaLagMs, serverTime } = readings;
  metrics.up.reset();
  for (const [dependency, isUp] of Object.entries(up)) metrics.up.set({ dependency }, Number(isUp));
  setSeries(metrics, readings);
  metrics.liveViewers.set(viewers);
  metrics.jobSuccess.reset();
  for (const { job, at } of successes) metrics.jobSuccess.set({ task: job }, at / SECOND_MS);
  if (budget) {
    metrics.usedWeight.set(budget.used);
    metrics.weightLimit.set(budget.limit);
    metrics.ban.set(Math.max(0, (budget.ban?.until ?? 0) - serverTime) / SECOND_MS);
  }
  if (replicaLagMs !== undefined) {
    metrics.replicaLag.set({ server: "replica" }, replicaLagMs / SECOND_MS);
  }
}

function setSeries(metrics: MetricSet, { series, disputes, proofs, serverTime }: Readings): void {
  const { seriesAge, seriesStale, seriesRows, seriesGaps } = metrics;
  const { seriesConflicts, seriesRefusedFiles, rollupDifferences } = metrics;
  const gauges = [seriesAge, seriesStale, seriesRows, seriesConflicts, seriesRefusedFiles];
  for (const gauge of [...gauges, seriesGaps, rollupDifferences]) gauge.reset();
  for (const { symbol, interval, differing } of proofs) {
    rollupDifferences.set({ symbol, interval }, differing);
  }
  const disputed = bySeries(disputes);
  for (const one of series) {
    const { symbol, interval, rows, lastOpenTime, gapCounts } = one;
    const labels = { symbol, interval };
    seriesRows.set(labels, rows);
    const own = disputed.get(seriesName(one));
    seriesConflicts.set(labels, own?.conflicts ?? 0);
    seriesRefusedFiles.set(labels, own?.refusedFiles ?? 0);
    for (const gap of GAP_CLASSES) seriesGaps.set({ ...labels, class: gap }, gapCounts[gap] ?? 0);
    const freshness = freshnessOf(lastOpenTime, interval, serverTime);
    seriesStale.set(labels, Number(freshness === "stale"));
    if (lastOpenTime === undefined) continue;
    seriesAge.set(labels, ageOf(lastOpenTime, interval, serverTime) / SECOND_MS);
  }
}

import { type EpochMs, SECOND_MS } from "../core/time.ts";
import { weightPerCandle } from "../core/request_weight.ts";
import type { BudgetState } from "../ports/boards.ts";
import type { StreamState } from "../ports/close_streams.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { RollupProof } from "../ports/rollup_ledger.ts";
import type { SeriesDisputes } from "../ports/status_reader.ts";
import type { MetricSet } from "./metric_set.ts";
import { setTotals } from "./series_totals.ts";

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
  /** `undefined` while no instance follows streams. */
  readonly streams: StreamState | undefined;
  /** `undefined` without a replica, `Infinity` while it is unavailable. */
  readonly replicaLagMs: number | undefined;
  readonly serverTime: EpochMs;
}

/** Replaces every gauge, so that outdated values are no longer reported. */
export function setGauges(metrics: MetricSet, readings: Readings): void {
  const { up, viewers, successes, budget, replicaLagMs, serverTime } = readings;
  metrics.up.reset();
  for (const [dependency, isUp] of Object.entries(up)) metrics.up.set({ dependency }, Number(isUp));
  setTotals(metrics, readings);
  setStreams(metrics, readings.streams);
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

function setStreams(metrics: MetricSet, state: StreamState | undefined): void {
  const { streamSeries, streamConnections, streamCandles, streamRefused, streamChecked } = metrics;
  const { streamWeight, streamWeightPerCandle } = metrics;
  for (const gauge of [streamConnections, streamCandles, streamChecked]) gauge.reset();
  for (const gauge of [streamSeries, streamRefused, streamWeight]) gauge.reset();
  streamWeightPerCandle.reset();
  if (state === undefined) return;
  streamSeries.set(state.series);
  const open = state.connections.filter(({ isOpen }) => isOpen).length;
  streamConnections.set({ state: "open" }, open);
  streamConnections.set({ state: "broken" }, state.connections.length - open);
  streamCandles.set({ source: "stream" }, state.stored);
  streamCandles.set({ source: "rest" }, state.refetched);
  streamRefused.set(state.refused);
  streamChecked.set({ result: "equal" }, state.checked - state.differing);
  streamChecked.set({ result: "differing" }, state.differing);
  streamWeight.set(state.weight);
  streamWeightPerCandle.set(weightPerCandle(state) ?? 0);
}

import type { Gauge } from "prom-client";
import { ageOf, freshnessOf } from "../core/freshness.ts";
import type { GapClass } from "../core/gaps.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { MetricSet } from "./metric_set.ts";

/** All zero when there are none: alerts do not work on absent classes. */
export const GAP_CLASSES: readonly GapClass[] = [
  "not_listed",
  "exchange_outage",
  "pending",
  "delisted",
];

interface SeriesReadings {
  readonly series: readonly SeriesCoverage[];
  readonly serverTime: EpochMs;
}

/** Sets the totals over all series, which stay few however many series there are. */
export function setTotals(
  metrics: MetricSet,
  { series, serverTime }: SeriesReadings,
): void {
  const counts = createSums(metrics.series);
  const candles = createSums(metrics.candles);
  const gaps = createSums(metrics.gaps);
  const oldest = new Map<string, number>();
  for (const { interval, status, rows, lastOpenTime, gapCounts } of series) {
    const freshness = freshnessOf(lastOpenTime, interval, serverTime);
    counts.add({ interval, freshness, status }, 1);
    candles.add({ interval }, rows);
    for (const reason of GAP_CLASSES) gaps.add({ interval, class: reason }, gapCounts[reason] ?? 0);
    if (lastOpenTime === undefined || status !== "TRADING") continue;
    const age = ageOf(lastOpenTime, interval, serverTime) / SECOND_MS;
    oldest.set(interval, Math.max(oldest.get(interval) ?? 0, age));
  }
  for (const sums of [counts, candles, gaps]) sums.write();
  metrics.oldestAge.reset();
  for (const [interval, age] of oldest) metrics.oldestAge.set({ interval }, age);
}

/** Sums by labels, which are set at the end: setting a gauge takes longer than an addition. */
function createSums<Label extends string>(gauge: Gauge<Label>) {
  const sums = new Map<string, { labels: Record<Label, string>; value: number }>();
  return {
    add(labels: Record<Label, string>, value: number) {
      const key = Object.values(labels).join(" ");
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { labels, value });
      else sum.value += value;
    },
    write() {
      gauge.reset();
      for (const { labels, value } of sums.values()) gauge.set(labels, value);
    },
  };
}

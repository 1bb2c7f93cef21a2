import assert from "node:assert/strict";
import { metricsText, moment, now } from "../testing/metric_moment.ts";
import type { MetricsQuery } from "../ports/telemetry.ts";
import { createMetrics } from "./metrics.ts";

async function linesOf(
  metrics: ReturnType<typeof createMetrics>,
  query?: MetricsQuery,
): Promise<string[]> {
  return (await metricsText(metrics, query)).split("\n");
}

Deno.test("/metrics reports the state of each series, the exchange's limits and each dependency", async () => {
  const lines = await linesOf(createMetrics(() => Promise.resolve(moment)));
  const labels = 'symbol="BTCUSDT",interval="1h"';
  for (
    const line of [
      `wick_series_age_seconds{${labels}} 12000`,
      `wick_series_stale{${labels}} 1`,
      `wick_series_rows{${labels}} 4000`,
      `wick_series_holes{${labels},class="exchange_outage"} 2`,
      `wick_series_holes{${labels},class="pending"} 0`,
      `wick_series_conflicts{${labels}} 3`,
      `wick_series_refused_files{${labels}} 2`,
      `wick_series_rollup_differences{${labels}} 4`,
      'wick_series{interval="1h",freshness="stale",status="TRADING"} 1',
      'wick_candles{interval="1h"} 4000',
      'wick_gaps{interval="1h",class="exchange_outage"} 2',
      'wick_gaps{interval="1h",class="pending"} 0',
      'wick_oldest_age_seconds{interval="1h"} 12000',
      "wick_live_viewers 5",
      'wick_up{dependency="database"} 1',
      'wick_up{dependency="kv"} 0',
      'wick_job_last_success_timestamp_seconds{task="collect"} 1749981605',
      "wick_exchange_used_weight 120",
      "wick_exchange_weight_limit 6000",
      "wick_exchange_ban_seconds 30",
      "wick_stream_series 1100",
      'wick_stream_connections{state="open"} 1',
      'wick_stream_connections{state="broken"} 1',
      'wick_stream_candles{source="stream"} 990',
      'wick_stream_candles{source="rest"} 10',
      "wick_stream_refused 3",
      'wick_stream_checked{result="equal"} 399',
      'wick_stream_checked{result="differing"} 1',
      "wick_stream_weight 8",
      "wick_stream_weight_per_candle 0.008",
      'wick_replica_lag_seconds{server="replica"} 1.5',
    ]
  ) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
});

Deno.test("/metrics of 9,000 series looks at each disputed series a few times", async () => {
  let reads = 0;
  const symbols = Array.from({ length: 9_000 }, (_, i) => `S${i}USDT`);
  const metrics = createMetrics(() =>
    Promise.resolve({
      ...moment,
      series: symbols.map((symbol) => ({ ...moment.series[0]!, symbol })),
      disputes: symbols.map((symbol, i) => ({
        get symbol() {
          reads++;
          return symbol;
        },
        interval: "1h" as const,
        conflicts: i,
        refusedFiles: 0,
      })),
    })
  );
  const lines = await linesOf(metrics);
  assert.ok(lines.includes('wick_series_conflicts{symbol="S8999USDT",interval="1h"} 8999'));
  assert.ok(reads <= 10 * symbols.length, `${reads} reads`);
});

Deno.test("/metrics has no metrics of each series on request, and only those that are named", async () => {
  const metrics = createMetrics(() => Promise.resolve(moment));
  const totals = await linesOf(metrics, { isPerSeries: false });
  assert.ok(totals.includes('wick_candles{interval="1h"} 4000'));
  assert.deepEqual(totals.filter((line) => line.includes("symbol=")), []);
  const names = new Set(["wick_series_rows", "wick_up", "wick_unknown"]);
  const named = await linesOf(metrics, { isPerSeries: true, names });
  const values = named.filter((line) => /^[^#]/.test(line)).map((line) => line.split(/[{ ]/)[0]);
  assert.deepEqual([...new Set(values)], ["wick_up", "wick_series_rows"]);
});

Deno.test("/metrics is valid text: each metric once, its lines together, labels escaped", async () => {
  const odd = { ...moment.series[0]!, symbol: 'A"B\\C' };
  const readings = { ...moment, series: [...moment.series, odd] };
  const lines = await linesOf(createMetrics(() => Promise.resolve(readings)));
  assert.ok(lines.includes('wick_series_rows{symbol="A\\"B\\\\C",interval="1h"} 4000'));
  const types = lines.filter((line) => line.startsWith("# TYPE ")).map((line) =>
    line.split(" ")[2]!
  );
  assert.deepEqual(types, [...new Set(types)]);
  let current = "";
  for (const line of lines.filter((line) => line !== "")) {
    if (line.startsWith("# HELP ")) current = line.split(" ")[2]!;
    else if (!line.startsWith("# ")) assert.ok(line.startsWith(current), `${line} in ${current}`);
  }
  assert.equal(lines.at(-1), "", "the last line ends");
});

Deno.test("/metrics drops a removed series and a ban that has ended", async () => {
  let readings = moment;
  const metrics = createMetrics(() => Promise.resolve(readings));
  await metrics.text();
  readings = {
    ...moment,
    series: [],
    budget: { used: 0, limit: 6_000, ban: undefined },
    serverTime: now + 60_000,
  };
  const lines = await linesOf(metrics);
  assert.ok(!lines.some((line) => line.startsWith("wick_series_age_seconds{")));
  assert.ok(lines.includes("wick_exchange_ban_seconds 0"));
});

Deno.test("/metrics counts events from before and after its first request", async () => {
  const metrics = createMetrics(() => Promise.resolve(moment));
  const observe = () => {
    metrics.record({ kind: "run", job: "collect", outcome: "done", seconds: 2 });
    metrics.record({ kind: "run", job: "collect", outcome: "skipped" });
    metrics.record({ kind: "export", format: "csv", outcome: "begun", rows: 10 });
    metrics.record({ kind: "exchange request", outcome: "rate_limited" });
    metrics.record({ kind: "exchange weight", weight: 2 });
    metrics.record({ kind: "query", server: "primary", outcome: "ok", seconds: 0.002 });
    const request = { method: "GET" as const, route: "/export", status: 200, seconds: 0.03 };
    metrics.record({ kind: "request", ...request });
  };
  observe();
  await metrics.text();
  observe();
  const lines = await linesOf(metrics);
  for (
    const line of [
      'wick_runs_total{task="collect",outcome="done"} 2',
      'wick_runs_total{task="collect",outcome="skipped"} 2',
      'wick_run_duration_seconds_sum{task="collect"} 4',
      'wick_exports_total{format="csv",outcome="begun"} 2',
      'wick_exported_rows_total{format="csv"} 20',
      'wick_exchange_requests_total{outcome="rate_limited"} 2',
      "wick_exchange_weight_total 4",
      'wick_query_duration_seconds_bucket{le="0.0025",server="primary",outcome="ok"} 2',
      'wick_http_request_duration_seconds_count{method="GET",route="/export",status="200"} 2',
    ]
  ) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
});

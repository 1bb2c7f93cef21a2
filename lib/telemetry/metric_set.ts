import type { Counter, Gauge, Histogram } from "prom-client";

export type Prometheus = typeof import("prom-client");

/**
 * Every metric of wick, in a separate registry. A job's label is `task`, because Prometheus uses
 * `job` for scrape targets.
 */
export function createMetricSet(prometheus: Prometheus) {
  const register = new prometheus.Registry();
  const make = createMakers(prometheus, register);
  return {
    register,
    up: make.gauge("wick_up", "1 while the dependency answers", ["dependency"]),
    ...seriesMetrics(make),
    ...jobMetrics(make),
    ...exchangeMetrics(make),
    ...streamMetrics(make),
    ...servingMetrics(make),
    ...databaseMetrics(make),
  };
}

export type MetricSet = ReturnType<typeof createMetricSet>;

type Makers = ReturnType<typeof createMakers>;

function createMakers(prometheus: Prometheus, register: InstanceType<Prometheus["Registry"]>) {
  const registers = [register];
  return {
    counter: <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
      new prometheus.Counter({ name, help, labelNames, registers }),
    gauge: <L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
      new prometheus.Gauge({ name, help, labelNames, registers }),
    histogram: <L extends string>(
      name: string,
      help: string,
      labelNames: L[],
      buckets: number[],
    ): Histogram<L> => new prometheus.Histogram({ name, help, labelNames, buckets, registers }),
  };
}

/** Totals over all series; `series_text.ts` has the metrics of each. */
function seriesMetrics({ gauge }: Makers) {
  return {
    series: gauge("wick_series", "Stored series, by freshness and by the status of the symbol", [
      "interval",
      "freshness",
      "status",
    ]),
    candles: gauge("wick_candles", "Stored candles of all series", ["interval"]),
    gaps: gauge("wick_gaps", "Gaps of all series, each of one or more candles", [
      "interval",
      "class",
    ]),
    oldestAge: gauge(
      "wick_oldest_age_seconds",
      "Largest age of a series whose symbol trades, as in wick_series_age_seconds",
      ["interval"],
    ),
  };
}

function jobMetrics({ counter, gauge, histogram }: Makers) {
  return {
    jobSuccess: gauge(
      "wick_job_last_success_timestamp_seconds",
      "Time when the job last succeeded, in any instance",
      ["task"],
    ),
    runs: counter("wick_runs_total", "Runs of jobs that ended in this process", [
      "task",
      "outcome",
    ]),
    runSeconds: histogram(
      "wick_run_duration_seconds",
      "Duration of runs",
      ["task"],
      [0.1, 0.5, 1, 5, 10, 30, 60, 180, 540],
    ),
  };
}

function exchangeMetrics({ counter, gauge }: Makers) {
  return {
    requests: counter("wick_exchange_requests_total", "Requests sent to the exchange", ["outcome"]),
    weight: counter("wick_exchange_weight_total", "Request weight granted to this process"),
    usedWeight: gauge("wick_exchange_used_weight", "Weight used in this minute, by the exchange"),
    weightLimit: gauge("wick_exchange_weight_limit", "Weight per minute that the exchange allows"),
    ban: gauge("wick_exchange_ban_seconds", "Time until the exchange accepts requests again"),
  };
}

/** Of the instance that follows the streams; all instances report the same. */
function streamMetrics({ gauge }: Makers) {
  return {
    streamSeries: gauge("wick_stream_series", "Series whose closed candles come from streams"),
    streamConnections: gauge("wick_stream_connections", "Connections to streams", ["state"]),
    streamCandles: gauge(
      "wick_stream_candles",
      "Closed candles stored since the instance took over: from streams, or by REST instead",
      ["source"],
    ),
    streamRefused: gauge("wick_stream_refused", "Events of streams that were refused since then"),
    streamChecked: gauge(
      "wick_stream_checked",
      "Stored candles that REST has repeated since then",
      ["result"],
    ),
    streamWeight: gauge(
      "wick_stream_weight",
      "Request weight spent since then on candles that streams missed and on checks",
    ),
    streamWeightPerCandle: gauge(
      "wick_stream_weight_per_candle",
      "Request weight per closed candle since then",
    ),
  };
}

function servingMetrics({ counter, gauge, histogram }: Makers) {
  return {
    liveViewers: gauge("wick_live_viewers", "Streams of /api/live open in this process"),
    exports: counter("wick_exports_total", "Exports started, by outcome", ["format", "outcome"]),
    exportedRows: counter("wick_exported_rows_total", "Candles in started exports", ["format"]),
    refusals: counter(
      "wick_refusals_total",
      "Requests refused, or exports cut off, by a limit: per client, in total, of time or of rate",
      ["limit", "reason"],
    ),
    requestSeconds: histogram(
      "wick_http_request_duration_seconds",
      "Time until the headers of the response",
      ["method", "route", "status"],
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
  };
}

function databaseMetrics({ gauge, histogram }: Makers) {
  return {
    querySeconds: histogram(
      "wick_query_duration_seconds",
      "Duration of a statement, including the network",
      ["server", "outcome"],
      [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    ),
    replicaLag: gauge(
      "wick_replica_lag_seconds",
      "Lag of the replica behind the primary",
      ["server"],
    ),
  };
}

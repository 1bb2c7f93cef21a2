import type { Counter, Gauge, Histogram } from "prom-client";

export type Prometheus = typeof import("prom-client");

/**
 * Names every metric of wick's own, with its labels, into a registry of its own. A job's label is
 * `task`: `job` is what Prometheus calls the things it scrapes.
 */
export function createMetricSet(prometheus: Prometheus) {
  const register = new prometheus.Registry();
  const registers = [register];
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new prometheus.Counter({ name, help, labelNames, registers }) as Counter<L>;
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new prometheus.Gauge({ name, help, labelNames, registers }) as Gauge<L>;
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    buckets: number[],
  ) => new prometheus.Histogram({ name, help, labelNames, buckets, registers }) as Histogram<L>;

  return {
    register,
    up: gauge("wick_up", "1 while the dependency answers", ["dependency"]),
    seriesAge: gauge(
      "wick_series_age_seconds",
      "Time since the newest stored candle closed, by the exchange's clock",
      SERIES,
    ),
    seriesStale: gauge(
      "wick_series_stale",
      "1 while two candles in a row are overdue",
      SERIES,
    ),
    seriesRows: gauge("wick_series_rows", "Stored candles", SERIES),
    seriesGaps: gauge("wick_series_holes", "Stretches without candles", [...SERIES, "class"]),
    seriesConflicts: gauge(
      "wick_series_conflicts",
      "Candles that a less reliable source has otherwise",
      SERIES,
    ),
    seriesRefusedFiles: gauge(
      "wick_series_refused_files",
      "Files of the exchange's archive that could not be trusted or had",
      SERIES,
    ),
    liveViewers: gauge("wick_live_viewers", "Streams of /api/live open in this process"),
    jobSuccess: gauge(
      "wick_job_last_success_timestamp_seconds",
      "When the job last ended with something done, by any instance",
      ["task"],
    ),
    runs: counter("wick_runs_total", "Runs of jobs that this process saw end", ["task", "outcome"]),
    runSeconds: histogram("wick_run_duration_seconds", "How long runs take", ["task"], [
      0.1,
      0.5,
      1,
      5,
      10,
      30,
      60,
      180,
      540,
    ]),
    requests: counter("wick_exchange_requests_total", "Requests sent to the exchange", ["outcome"]),
    weight: counter("wick_exchange_weight_total", "Request weight granted to this process"),
    usedWeight: gauge("wick_exchange_used_weight", "Weight of this minute, as the exchange counts"),
    weightLimit: gauge("wick_exchange_weight_limit", "Weight a minute that the exchange allows"),
    ban: gauge("wick_exchange_ban_seconds", "Time until the exchange wants requests again"),
    exports: counter("wick_exports_total", "Exports by how they began", ["format", "outcome"]),
    exportedRows: counter("wick_exported_rows_total", "Candles in the exports begun", ["format"]),
    refusals: counter(
      "wick_refusals_total",
      "Requests refused, or exports cut off, by a limit: of the client, of all, of time or rate",
      ["limit", "reason"],
    ),
    requestSeconds: histogram(
      "wick_http_request_duration_seconds",
      "Time until the answer's headers",
      ["method", "route", "status"],
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
    querySeconds: histogram(
      "wick_query_duration_seconds",
      "Time of a statement, its way to the server included",
      ["server", "outcome"],
      [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    ),
    replicaLag: gauge(
      "wick_replica_lag_seconds",
      "How far the replica is behind the primary",
      ["server"],
    ),
  };
}

const SERIES: ("symbol" | "interval")[] = ["symbol", "interval"];

export type MetricSet = ReturnType<typeof createMetricSet>;

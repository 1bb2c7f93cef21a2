import type { Telemetry, TelemetryEvent } from "../ports/telemetry.ts";
import { createMetricSet, type MetricSet } from "./metric_set.ts";
import { type Readings, setGauges } from "./readings.ts";

/** Counts events and writes them, with what `read` says of the moment, for Prometheus. */
export interface Metrics extends Telemetry {
  /** The text of `/metrics`. */
  text(): Promise<{ readonly body: string; readonly contentType: string }>;
}

/** Events kept until the client is loaded. */
const MAX_WAITING = 1_000;

/**
 * The client takes a tenth of a second to load, which no cold start should pay: it is loaded when
 * `/metrics` is first asked for or when many events wait, and then learns what happened before.
 */
export function createMetrics(read: () => Promise<Readings>): Metrics {
  let waiting: TelemetryEvent[] = [];
  let metrics: MetricSet | undefined;
  let loading: Promise<MetricSet> | undefined;

  async function load(): Promise<MetricSet> {
    const { default: prometheus } = await import("prom-client");
    metrics = createMetricSet(prometheus);
    prometheus.collectDefaultMetrics({ register: metrics.register });
    for (const event of waiting) count(metrics, event);
    waiting = [];
    return metrics;
  }

  return {
    record(event) {
      if (metrics) return count(metrics, event);
      waiting.push(event);
      if (waiting.length > MAX_WAITING) void (loading ??= load());
    },
    async text() {
      const set = await (loading ??= load());
      setGauges(set, await read());
      const { register } = set;
      return { body: await register.metrics(), contentType: register.contentType };
    },
  };
}

function count(metrics: MetricSet, event: TelemetryEvent): void {
  switch (event.kind) {
    case "request": {
      const { method, route, status, seconds } = event;
      return metrics.requestSeconds.observe({ method, route, status }, seconds);
    }
    case "query": {
      const { server, outcome, seconds } = event;
      return metrics.querySeconds.observe({ server, outcome }, seconds);
    }
    case "exchange request":
      return metrics.requests.inc({ outcome: event.outcome });
    case "exchange weight":
      return metrics.weight.inc(event.weight);
    case "run":
      metrics.runs.inc({ task: event.job, outcome: event.outcome });
      if (event.seconds !== undefined) {
        metrics.runSeconds.observe({ task: event.job }, event.seconds);
      }
      return;
    case "refusal":
      return metrics.refusals.inc({ limit: event.limit, reason: event.reason });
    case "export":
      metrics.exports.inc({ format: event.format, outcome: event.outcome });
      return metrics.exportedRows.inc({ format: event.format }, event.rows);
  }
}

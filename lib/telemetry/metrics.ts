import type { MetricsQuery, MetricsText, Telemetry, TelemetryEvent } from "../ports/telemetry.ts";
import { createMetricSet, type MetricSet, type Prometheus } from "./metric_set.ts";
import { type Readings, setGauges } from "./readings.ts";
import { seriesText } from "./series_text.ts";

/** Counts events and formats them, with the current readings of `read`, for Prometheus. */
export interface Metrics extends Telemetry {
  /** The text of `/metrics`. */
  text(query?: MetricsQuery): Promise<MetricsText>;
}

/** Events kept until the client library is loaded. */
const MAX_WAITING = 1_000;

/**
 * The client library takes a tenth of a second to load, so cold starts skip it: it is loaded when
 * `/metrics` is first requested or many events wait, and then receives the earlier events.
 */
export function createMetrics(read: (query: MetricsQuery) => Promise<Readings>): Metrics {
  let waiting: TelemetryEvent[] = [];
  let metrics: MetricSet | undefined;
  let loading: Promise<MetricSet> | undefined;
  let printing: Promise<unknown> = Promise.resolve();

  async function load(): Promise<MetricSet> {
    const { default: prometheus } = await import("prom-client");
    metrics = createMetricSet(prometheus);
    prometheus.collectDefaultMetrics({ register: metrics.register });
    if (!canReadProcesses()) replaceUnreadable(prometheus, metrics.register);
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
    async text(query = EVERYTHING) {
      const set = await (loading ??= load());
      const readings = await read(query);
      // In turn: another scrape may have other series, and would replace the gauges.
      const own = printing.then(() => print(set, readings, query.names));
      printing = own.catch(() => {});
      const head = await own;
      const isWanted = (name: string) => query.isPerSeries && (query.names?.has(name) ?? true);
      return {
        contentType: set.register.contentType,
        *parts() {
          yield head;
          yield* seriesText(readings, isWanted);
        },
      };
    },
  };
}

const EVERYTHING: MetricsQuery = { isPerSeries: true };

/** The metrics of the client library that have one of the names. */
async function print(
  set: MetricSet,
  readings: Readings,
  names: ReadonlySet<string> | undefined,
): Promise<string> {
  setGauges(set, readings);
  const { register } = set;
  if (names === undefined) return await register.metrics();
  const known = register.getMetricsAsArray().map(({ name }) => name).filter((one) =>
    names.has(one)
  );
  const texts = await Promise.all(known.map((name) => register.getSingleMetricAsString(name)));
  return texts.map((text) => `${text}\n\n`).join("");
}

/** Deno allows reading /proc with --allow-all only. */
function canReadProcesses(): boolean {
  try {
    Deno.readTextFileSync("/proc/self/status");
    return true;
  } catch {
    return false;
  }
}

/**
 * The client reads these values from /proc and would report 0; resident memory has another source.
 */
function replaceUnreadable(prometheus: Prometheus, register: MetricSet["register"]): void {
  const names = ["process_heap_bytes", "process_max_fds", "process_open_fds"];
  const memory = ["process_resident_memory_bytes", "process_virtual_memory_bytes"];
  for (const name of [...names, ...memory]) register.removeSingleMetric(name);
  new prometheus.Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory size in bytes.",
    registers: [register],
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
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

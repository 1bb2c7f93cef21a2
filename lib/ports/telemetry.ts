import type { Interval } from "../core/interval.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { ExportFormat } from "./kline_exporter.ts";
import type { RunOutcome } from "./run_ledger.ts";

/**
 * Methods that metrics and spans distinguish. Others must not add time series, and count as
 * `_OTHER`, as in OpenTelemetry's conventions.
 */
export type MethodLabel =
  | "GET"
  | "HEAD"
  | "OPTIONS"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "_OTHER";

/** The part of the metrics that a scrape asks for. */
export interface MetricsQuery {
  /** Series of these only. */
  readonly symbols?: readonly string[] | undefined;
  readonly intervals?: readonly Interval[] | undefined;
  /** Metrics with these names only. */
  readonly names?: ReadonlySet<string> | undefined;
  /** False: totals only, without the metrics of each series. */
  readonly isPerSeries: boolean;
}

/** Metrics for Prometheus. */
export interface MetricsText {
  readonly contentType: string;
  /** The text in parts, made while they are read. */
  readonly parts: () => Iterable<string>;
}

/** Kinds of work with a limit on concurrent use. */
export type LimitedClass = "streams" | "exports" | "requests";

/** An event that is counted or timed. Labels come from closed lists, never from a request. */
export type TelemetryEvent =
  | {
    readonly kind: "request";
    readonly method: MethodLabel;
    /** The route's pattern, never the requested path. */
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }
  | {
    readonly kind: "query";
    readonly server: "primary" | "replica";
    readonly outcome: "ok" | "failed";
    readonly seconds: number;
  }
  | { readonly kind: "exchange request"; readonly outcome: "ok" | ErrorCode | "aborted" }
  | { readonly kind: "exchange weight"; readonly weight: number }
  | {
    readonly kind: "run";
    readonly job: string;
    readonly outcome: RunOutcome;
    /** Absent for skipped runs. */
    readonly seconds?: number;
  }
  | {
    readonly kind: "refusal";
    readonly limit: LimitedClass;
    readonly reason: "client" | "full" | "slow" | "late";
  }
  | {
    readonly kind: "export";
    readonly format: ExportFormat;
    readonly outcome: "begun" | "busy" | "failed";
    readonly rows: number;
  };

/** Records events; never throws, never blocks. */
export interface Telemetry {
  record(event: TelemetryEvent): void;
}

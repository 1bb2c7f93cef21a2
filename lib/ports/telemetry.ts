import type { ErrorCode } from "../core/errors.ts";
import type { ExportFormat } from "./kline_exporter.ts";
import type { RunOutcome } from "./run_ledger.ts";

/**
 * Methods that metrics and spans tell apart. Clients invent others, which must not add time series:
 * they count as `_OTHER`, as in OpenTelemetry's conventions.
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

/** What has a limit of its own on how much of it there is at once. */
export type LimitedClass = "streams" | "exports" | "requests";

/** Something that is counted or timed. Labels come from closed lists, never from a request. */
export type TelemetryEvent =
  | {
    readonly kind: "request";
    readonly method: MethodLabel;
    /** The route's pattern, never the path that was asked for. */
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
    /** Absent for one that was skipped. */
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

/** Takes note of what happens; never throws, never waits. */
export interface Telemetry {
  record(event: TelemetryEvent): void;
}

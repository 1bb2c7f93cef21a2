import type { EpochMs } from "../../lib/core/time.ts";
import type { FaultKind } from "./faults/fault_kinds.ts";

/** A received request. */
export interface LoggedRequest {
  /** From 1, in order of arrival. */
  readonly id: number;
  /** Real time of arrival. */
  readonly at: EpochMs;
  /** The simulated clock at arrival. */
  readonly simulatedAt: EpochMs;
  readonly ip: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** 0: the connection was cut or left without a response. */
  readonly status: number;
  /** 0 outside the exchange. */
  readonly weight: number;
  /** Used by this IP in this minute, including this request. */
  readonly usedWeight: number;
  /** The ignored instruction: the Retry-After of a 429, or a ban. */
  readonly violation: "retry-after" | "ban" | undefined;
  readonly fault: FaultKind | undefined;
}

export interface RequestFilter {
  /** Part of the path with its query. */
  readonly path?: string;
  /** Real time of arrival, inclusive. */
  readonly since?: EpochMs;
  readonly status?: number;
  /** Only those sent during a ban or before `Retry-After`. */
  readonly violations?: boolean;
  /** At most this many, the newest. */
  readonly last?: number;
}

const LIMIT = 50_000;

/** The newest requests, up to `LIMIT`. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #total = 0;

  /** All requests since the start or the last `clear`, including dropped ones. */
  get total(): number {
    return this.#total;
  }

  record(request: Omit<LoggedRequest, "id">): void {
    this.#entries.push({ id: ++this.#total, ...request });
    // Dropping half at once keeps the cost per request constant.
    if (this.#entries.length > 2 * LIMIT) this.#entries = this.#entries.slice(-LIMIT);
  }

  /** In order of arrival. */
  list(filter: RequestFilter = {}): LoggedRequest[] {
    const { path = "", since = -Infinity, status, violations = false, last = Infinity } = filter;
    const kept = this.#entries.slice(-LIMIT).filter((entry) =>
      `${entry.path}?${entry.query}`.includes(path) &&
      entry.at >= since &&
      (status === undefined || entry.status === status) &&
      (!violations || entry.violation !== undefined)
    );
    return last < kept.length ? kept.slice(-last) : kept;
  }

  clear(): void {
    this.#entries = [];
    this.#total = 0;
  }
}

import type { EpochMs } from "../../lib/core/time.ts";
import type { FaultKind } from "./faults/fault_kinds.ts";

/** A request that the simulator received. */
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
  /** 0: the connection was cut or left open without an answer. */
  readonly status: number;
  /** 0 for anything but the exchange. */
  readonly weight: number;
  /** By this IP in this minute, this request included. */
  readonly usedWeight: number;
  /** Whether the client had been told to stay away: by a 429, or by a ban. */
  readonly violation: "retry-after" | "ban" | undefined;
  readonly fault: FaultKind | undefined;
}

export interface RequestFilter {
  /** Part of the path with its query. */
  readonly path?: string;
  /** Real time of arrival, inclusive. */
  readonly since?: EpochMs;
  readonly status?: number;
  /** Only those made inside a ban or a Retry-After. */
  readonly violations?: boolean;
  /** The newest so many. */
  readonly last?: number;
}

/** The newest requests, up to a limit. */
export class RequestLog {
  readonly #limit: number;
  #entries: LoggedRequest[] = [];
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** All requests since the start or the last `clear`, also those no longer kept. */
  get total(): number {
    return this.#total;
  }

  record(request: Omit<LoggedRequest, "id">): void {
    this.#entries.push({ id: ++this.#total, ...request });
    // Dropping half at once keeps the cost per request constant.
    if (this.#entries.length > 2 * this.#limit) this.#entries = this.#entries.slice(-this.#limit);
  }

  /** In order of arrival. */
  list(filter: RequestFilter = {}): LoggedRequest[] {
    const { path = "", since = -Infinity, status, violations = false, last = Infinity } = filter;
    const kept = this.#entries.slice(-this.#limit).filter((entry) =>
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

import type { Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";

/** Keeps two instances from running the same job. */
export interface Leases {
  /**
   * Runs `work` if no other instance holds `name`, and returns whether it did. The signal aborts
   * when the lease is lost or `signal` aborts.
   */
  hold(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<boolean>;
}

/** The exchange's word on when requests are welcome again, shared by all instances, kept over restarts. */
export interface BanBoard {
  read(): Promise<Ban | undefined>;
  /** Never shortens a ban. */
  write(ban: Ban): Promise<void>;
}

/** Request weight spent lately by all instances together. */
export interface SpendBoard {
  /** A grant is good until the slot ends in which it was given. */
  readonly slotMs: number;
  /**
   * Takes `weight` out of what any 60 seconds may hold, `limit`; or says when to ask again.
   */
  reserve(
    weight: number,
    limit: number,
    now: EpochMs,
  ): Promise<{ readonly isGranted: boolean; readonly retryAt: EpochMs }>;
  /** Weight reserved in the 60 seconds before `now`. */
  spent(now: EpochMs): Promise<number>;
}

/** What the exchange grants this address, over all instances. */
export interface BudgetState {
  /** Request weight a minute. */
  readonly limit: number;
  /** Spent in the last minute: by the exchange's count or by ours, whichever is higher. */
  readonly used: number;
  /** Set while no request may be sent. */
  readonly ban: Ban | undefined;
}

export interface BudgetReader {
  read(): Promise<BudgetState>;
}

export interface Ban {
  /** When it was noted, by our clock; earlier versions did not note it. */
  readonly at?: EpochMs;
  /** No request before then. */
  readonly until: EpochMs;
  /** `"429"`, `"418"`, … */
  readonly reason: string;
}

/** A series that fails while the exchange answers others. */
export interface FailingSeries extends Series {
  readonly since: EpochMs;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Of the last one. */
  readonly message: string;
  /** No scheduled job asks for it before then. */
  readonly retryAt: EpochMs;
}

/** Series that back off alone, shared by all instances. */
export interface FailingBoard {
  /** By symbol, then by interval. */
  list(): Promise<FailingSeries[]>;
  write(entry: FailingSeries): Promise<void>;
  remove(series: Series): Promise<void>;
}

/** The exchange trades none or few of the symbols that it traded until now. */
export interface Maintenance {
  readonly since: EpochMs;
  /** Symbols with the status TRADING, of all that the exchange lists. */
  readonly trading: number;
  readonly listed: number;
}

/** Whether the exchange is under maintenance, shared by all instances. */
export interface MaintenanceBoard {
  read(): Promise<Maintenance | undefined>;
  write(maintenance: Maintenance | undefined): Promise<void>;
}

// --- live ---

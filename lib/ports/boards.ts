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

/** The end of the exchange's ban, shared by all instances and kept over restarts. */
export interface BanBoard {
  read(): Promise<Ban | undefined>;
  /** Never shortens a ban. */
  write(ban: Ban): Promise<void>;
}

/** Request weight recently spent by all instances together. */
export interface SpendBoard {
  /** A grant is valid until the end of the slot in which it was given, in ms. */
  readonly slotMs: number;
  /**
   * Reserves `weight` if any 60 seconds then stay within `limit`; otherwise returns when to try
   * again.
   */
  reserve(
    weight: number,
    limit: number,
    now: EpochMs,
  ): Promise<{ readonly isGranted: boolean; readonly retryAt: EpochMs }>;
  /** Weight reserved in the 60 seconds before `now`. */
  spent(now: EpochMs): Promise<number>;
}

/** The exchange's limits for this address, over all instances. */
export interface BudgetState {
  /** Request weight per minute. */
  readonly limit: number;
  /** Weight spent in the last minute: the higher of the exchange's count and ours. */
  readonly used: number;
  /** Set while no request may be sent. */
  readonly ban: Ban | undefined;
}

export interface BudgetReader {
  read(): Promise<BudgetState>;
}

export interface Ban {
  /** When it was recorded, by our clock; absent in entries of earlier versions. */
  readonly at?: EpochMs;
  /** No request is sent before this time. */
  readonly until: EpochMs;
  /** `"429"`, `"418"`, … */
  readonly reason: string;
}

/** A series that fails while others are answered. */
export interface FailingSeries extends Series {
  readonly since: EpochMs;
  /** Attempts that failed in a row. */
  readonly failures: number;
  /** Message of the last one. */
  readonly message: string;
  /** No scheduled job requests it before this time. */
  readonly retryAt: EpochMs;
}

/** Failing series and their pauses, shared by all instances. */
export interface FailingBoard {
  /** By symbol, then by interval. */
  list(): Promise<FailingSeries[]>;
  write(entry: FailingSeries): Promise<void>;
  remove(series: Series): Promise<void>;
}

/** The exchange has suspended most symbols that were trading. */
export interface Maintenance {
  readonly since: EpochMs;
  /** Symbols with the status TRADING, of all that the exchange lists. */
  readonly trading: number;
  readonly listed: number;
}

/** The maintenance state of the exchange, shared by all instances. */
export interface MaintenanceBoard {
  read(): Promise<Maintenance | undefined>;
  write(maintenance: Maintenance | undefined): Promise<void>;
}

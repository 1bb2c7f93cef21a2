import type { EpochMs } from "../core/time.ts";

/** Logs events; `lib/log.ts` decides where they go. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Time and waiting. Tests pass a clock that they control. */
export interface Clock {
  now(): EpochMs;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The disk that holds the candles. */
export interface Disk {
  /** `undefined` when it is on another machine. */
  read(): Promise<{ readonly folder: string; readonly freeBytes: number } | undefined>;
}

/** A host of the exchange. */
export interface HostState {
  readonly origin: string;
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
  /** Other hosts are used until this time. */
  readonly restsUntil: EpochMs | undefined;
}

/** The machine that wick runs on. */
export interface MachineState {
  /** The disk of the embedded database and KV. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  readonly kv:
    | { readonly keys: number; readonly bytes: number | undefined }
    | { readonly error: string };
  readonly runtime: string;
}

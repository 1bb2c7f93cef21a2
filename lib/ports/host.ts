import type { EpochMs } from "../core/time.ts";

/** Says what happened; `lib/log.ts` decides where it goes. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Time, and the passing of it. Tests hand in one that they move. */
export interface Clock {
  now(): EpochMs;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

// --- the exchange ---

/** The disk on which candles are kept. */
export interface Disk {
  /** `undefined` when it is not this machine's. */
  read(): Promise<{ readonly folder: string; readonly freeBytes: number } | undefined>;
}

/** A host of the exchange. */
export interface HostState {
  readonly origin: string;
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
  /** Others are asked until then. */
  readonly restsUntil: EpochMs | undefined;
}

/** The machine that wick runs on. */
export interface MachineState {
  /** Where the embedded database and KV are kept. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  readonly kv:
    | { readonly keys: number; readonly bytes: number | undefined }
    | { readonly error: string };
  readonly runtime: string;
}

// --- for those who watch wick ---

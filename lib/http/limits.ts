import { SECOND_MS } from "../core/time.ts";
import type { LimitedClass, Telemetry } from "../ports/telemetry.ts";
import { createGate, type Gate, type GateOptions, openGate } from "./gate.ts";

/** Limits per client and class, including waiting requests; 0: no limit. */
export interface LimitSettings {
  readonly streams: number;
  readonly exports: number;
  readonly requests: number;
}

/** Gates by class. */
export interface Limits extends Record<LimitedClass, Gate> {}

export interface LimitOptions {
  readonly settings: LimitSettings;
  /** Exports that the database has connections for. */
  readonly exportPlaces: number;
  readonly telemetry: Telemetry;
}

/** Clients that can use their full number of streams at once. */
const STREAM_CLIENTS = 20;
/** Concurrent expensive requests: most of a machine's capacity is for others. */
const REQUEST_PLACES = 2;
const WAIT_MS = 5 * SECOND_MS;
const RETRY_AFTER_MS = 5 * SECOND_MS;

export function createLimits({ settings, exportPlaces, telemetry }: LimitOptions): Limits {
  const gateOf = (
    limit: LimitedClass,
    own: Omit<GateOptions, "perClient" | "retryAfterMs" | "onRefused">,
  ): Gate =>
    settings[limit] === 0 ? openGate : createGate({
      ...own,
      perClient: settings[limit],
      retryAfterMs: RETRY_AFTER_MS,
      onRefused: (reason) => telemetry.record({ kind: "refusal", limit, reason }),
    });
  return {
    streams: gateOf("streams", {
      verb: "open an event stream",
      things: "event streams",
      places: settings.streams * STREAM_CLIENTS,
      placesPerClient: settings.streams,
      waitMs: 0,
    }),
    // One client never occupies all places, which would block exports of all others.
    exports: gateOf("exports", {
      verb: "export",
      things: "exports",
      waitMs: WAIT_MS,
      places: exportPlaces,
      placesPerClient: Math.max(1, exportPlaces - 1),
    }),
    requests: gateOf("requests", {
      verb: "process the request",
      things: "expensive requests",
      waitMs: WAIT_MS,
      places: REQUEST_PLACES,
      placesPerClient: REQUEST_PLACES - 1,
    }),
  };
}

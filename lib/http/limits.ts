import type { Context } from "fresh";
import { clientNetwork } from "../core/client_network.ts";
import { SECOND_MS } from "../core/time.ts";
import type { LimitedClass, Telemetry } from "../ports/telemetry.ts";
import { clientAddress } from "./client_address.ts";
import type { State } from "./define.ts";
import { createGate, type Gate, type GateOptions, openGate, type Turn } from "./gate.ts";

/** How much of each class one client may have at once, what waits included; 0: no limit. */
export interface LimitSettings {
  readonly streams: number;
  readonly exports: number;
  readonly requests: number;
}

/** Where requests wait for their turn, by class. */
export interface Limits extends Record<LimitedClass, Gate> {}

export interface LimitOptions {
  readonly settings: LimitSettings;
  /** Exports that the database has connections for. */
  readonly exportPlaces: number;
  readonly telemetry: Telemetry;
}

/** Clients that may have as many streams as one may. */
const STREAM_CLIENTS = 20;
/** Expensive requests that are answered at once: the others are to have most of a machine. */
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
      verb: "follow the market",
      things: "event streams",
      places: settings.streams * STREAM_CLIENTS,
      placesPerClient: settings.streams,
      waitMs: 0,
    }),
    // One client never has all places: it would close exports to every other one.
    exports: gateOf("exports", {
      verb: "export",
      things: "exports",
      waitMs: WAIT_MS,
      places: exportPlaces,
      placesPerClient: Math.max(1, exportPlaces - 1),
    }),
    requests: gateOf("requests", {
      verb: "answer",
      things: "expensive requests",
      waitMs: WAIT_MS,
      places: REQUEST_PLACES,
      placesPerClient: REQUEST_PLACES - 1,
    }),
  };
}

/** Names the client that a request counts for: its address, or the /64 network of an IPv6 address. */
export function clientOf({ req, info, state }: Context<State>): string {
  return clientNetwork(clientAddress(req, info.remoteAddr, state.services.settings.proxy));
}

/** Routes that cost more than a page: they list or count everything that is held. */
const EXPENSIVE = new Set<string | null>([
  "/status",
  "/api/series",
  "/api/gaps",
  "/api/market-caps/history",
]);

/** Lets expensive requests wait for their turn. */
export function limitRequests(ctx: Context<State>): Promise<Response> {
  return EXPENSIVE.has(ctx.route) ? inTurn(ctx, "requests", () => ctx.next()) : ctx.next();
}

/** Does `work` when there is a place for it among `limit`'s requests. */
export async function inTurn<T>(
  ctx: Context<State>,
  limit: LimitedClass,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const turn = await ctx.state.services.limits[limit].enter(clientOf(ctx), ctx.req.signal);
  try {
    return await work(turn);
  } finally {
    turn.end();
  }
}

/** `bytes`, whose end, failure or cancellation ends the turn. */
export function untilDone(
  bytes: ReadableStream<Uint8Array>,
  turn: Turn,
): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  return new ReadableStream({
    async pull(out) {
      try {
        const { done, value } = await reader.read();
        if (!done) return out.enqueue(value);
        turn.end();
        out.close();
      } catch (error) {
        turn.end();
        throw error;
      }
    },
    async cancel(reason) {
      turn.end();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

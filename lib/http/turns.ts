import type { Context } from "fresh";
import { clientNetwork } from "../core/client_network.ts";
import type { LimitedClass } from "../ports/telemetry.ts";
import { clientAddress } from "./client_address.ts";
import type { State } from "./define.ts";
import type { Turn } from "./gate.ts";

/**
 * Names the client that a request counts for: its address, or the /64 network of an IPv6 address.
 */
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

import type { Context } from "fresh";
import type { State } from "./define.ts";

/** Names each request and writes one line about it; what is served all the time only for debugging. */
export async function logRequest(ctx: Context<State>): Promise<Response> {
  const start = performance.now();
  ctx.state.requestId = newRequestId();
  const response = await ctx.next();
  response.headers.set("x-request-id", ctx.state.requestId);
  const { method } = ctx.req;
  const fields = {
    status: response.status,
    ms: Math.round(performance.now() - start),
    id: ctx.state.requestId,
  };
  ctx.state.services.log.debug(`${method} ${ctx.url.pathname}${ctx.url.search}`, fields);
  return response;
}

/** Short, and in the order of time. */
function newRequestId(): string {
  const random = crypto.getRandomValues(new Uint8Array(5));
  return Date.now().toString(36) + random.toHex();
}

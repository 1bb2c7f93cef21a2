import type { Context } from "fresh";
import { nameRequestSpan } from "../trace.ts";
import type { State } from "./define.ts";
import { methodLabelOf, methodOf } from "./methods.ts";

/** Assigns each request an ID, measures its time, and logs one line at debug level. */
export async function logRequest(ctx: Context<State>): Promise<Response> {
  const start = performance.now();
  ctx.state.requestId = newRequestId();
  const route = ctx.route ?? "file";
  const method = methodLabelOf(ctx.req);
  nameRequestSpan(method, route, ctx.state.requestId);
  const response = await ctx.next();
  response.headers.set("x-request-id", ctx.state.requestId);
  const { status } = response;
  const ms = performance.now() - start;
  const { log, telemetry } = ctx.state.services;
  telemetry.record({ kind: "request", method, route, status, seconds: ms / 1_000 });
  const fields = { status, ms: Math.round(ms), id: ctx.state.requestId };
  log.debug(`${methodOf(ctx.req)} ${ctx.url.pathname}${ctx.url.search}`, fields);
  return response;
}

/** Distinguishes processes; generated once, because generating it is slow. */
let process: string | undefined;
let requests = 0;

/** Short, and sortable by time. */
function newRequestId(): string {
  process ??= crypto.getRandomValues(new Uint8Array(4)).toHex();
  return `${Date.now().toString(36)}${process}${(requests++).toString(36)}`;
}

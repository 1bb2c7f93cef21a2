import type { Context } from "fresh";
import type { MethodLabel } from "../ports/telemetry.ts";
import { nameRequestSpan } from "../trace.ts";
import type { Services, State } from "./define.ts";
import { methodLabelOf, methodOf } from "./methods.ts";

/** Assigns each request an ID, measures its time, and logs one line at debug level. */
export async function logRequest(ctx: Context<State>): Promise<Response> {
  const begun = beginRequest(methodLabelOf(ctx.req), ctx.route ?? "file");
  ctx.state.requestId = begun.id;
  const response = await ctx.next();
  const address = ctx.url.pathname + ctx.url.search;
  endRequest(ctx.state.services, begun, `${methodOf(ctx.req)} ${address}`, response);
  return response;
}

/** A request that is being answered. */
export interface BegunRequest {
  readonly id: string;
  readonly method: MethodLabel;
  readonly route: string;
  readonly start: number;
}

export function beginRequest(method: MethodLabel, route: string): BegunRequest {
  const id = newRequestId();
  nameRequestSpan(method, route, id);
  return { id, method, route, start: performance.now() };
}

/** Marks the response with the request's ID, counts the request, and logs its `line`. */
export function endRequest(
  { log, telemetry }: Pick<Services, "log" | "telemetry">,
  { id, method, route, start }: BegunRequest,
  line: string,
  { status, headers }: Response,
): void {
  headers.set("x-request-id", id);
  const ms = performance.now() - start;
  telemetry.record({ kind: "request", method, route, status, seconds: ms / 1_000 });
  log.debug(line, { status, ms: Math.round(ms), id });
}

/** Distinguishes processes; generated once, because generating it is slow. */
let process: string | undefined;
let requests = 0;

/** Short, and sortable by time. */
function newRequestId(): string {
  process ??= crypto.getRandomValues(new Uint8Array(4)).toHex();
  return `${Date.now().toString(36)}${process}${(requests++).toString(36)}`;
}

import type { Context, PageResponse } from "fresh";
import { AppError } from "../core/errors.ts";
import type { MethodLabel } from "../ports/telemetry.ts";
import type { State } from "./define.ts";

type Answer<Data> = Response | PageResponse<Data>;
type Handler<Data> = (ctx: Context<State>) => Answer<Data> | Promise<Answer<Data>>;

/** Methods that Fresh routes. It responds to others on a known path with a 500. */
const ROUTED: readonly MethodLabel[] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/** Clients choose method names, which may be long. */
const MAX_METHOD_LENGTH = 20;

/** The method as received, for requests that `toRoutable()` replaced. */
const received = new WeakMap<Request, string>();

/**
 * A request that Fresh can route: a method without any handler (TRACE, PROPFIND, `get`) is replaced
 * by DELETE, which has none either, and gets the same response.
 */
export function toRoutable(request: Request): Request {
  const { method, url, headers } = request;
  if (ROUTED.some((routed) => routed === method)) return request;
  const routable = new Request(url, { method: "DELETE", headers });
  received.set(routable, method.slice(0, MAX_METHOD_LENGTH));
  return routable;
}

/**
 * Leaves out the length of a HEAD response without a known one. Deno sends `content-length: 0` for
 * a body that is null, which RFC 9110 reserves for an empty GET response.
 */
export function withoutLength(response: Response): Response {
  const hasBody = response.ok && response.status !== 204;
  if (!hasBody || response.headers.has("content-length")) return response;
  return new Response(new ReadableStream({ start: (unread) => unread.close() }), response);
}

/** The method that the client sent. */
export function methodOf(request: Request): string {
  return received.get(request) ?? request.method;
}

/** The method for metrics, whose labels come from a fixed list. */
export function methodLabelOf(request: Request): MethodLabel {
  const method = methodOf(request);
  return ROUTED.find((routed) => routed === method) ?? "_OTHER";
}

/** No route changes stored data. */
export function methodNotAllowed(
  request: Request,
  allow: readonly string[] = ["GET", "HEAD"],
): AppError {
  return new AppError(
    "method_not_allowed",
    `Cannot ${methodOf(request)} here: only ${allow.join(" and ")}`,
    { allow },
  );
}

/**
 * One handler for all methods: those in `table`, HEAD through GET, and 405 with `Allow` for the
 * rest. (Fresh itself responds to other methods with a bare 404 or 405.)
 */
export function byMethod<Data = never>(
  table: Readonly<Partial<Record<"GET" | "HEAD" | "POST", Handler<Data>>>>,
): Handler<Data> {
  const handlers = new Map(Object.entries({ HEAD: table.GET, ...table }));
  return (ctx) => {
    const handle = handlers.get(ctx.req.method);
    if (handle !== undefined) return handle(ctx);
    const allowed = handlers.entries().filter(([, known]) => known !== undefined);
    throw methodNotAllowed(ctx.req, allowed.map(([name]) => name).toArray().sort());
  };
}

/** Gives Fresh's own 405 for static files the same body and `Allow` header. */
export async function completeNotAllowed(ctx: Context<State>): Promise<Response> {
  const response = await ctx.next();
  if (response.status !== 405 || response.headers.has("allow")) return response;
  await response.body?.cancel();
  throw methodNotAllowed(ctx.req);
}

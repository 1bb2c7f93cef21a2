import type { Context } from "fresh";
import type { State } from "./define.ts";

/** Own headers that scripts of other origins may read. */
const EXPOSED = [
  "accept-ranges",
  "content-disposition",
  "content-range",
  "etag",
  "link",
  "retry-after",
  "x-request-id",
  "x-wick-derived",
  "x-wick-gaps",
  "x-wick-imported",
  "x-wick-next-cursor",
  "x-wick-rows",
  "x-wick-universe",
  "x-mbx-used-weight",
  "x-mbx-used-weight-1m",
].join(", ");

/** Response to the preflight of a GET with `If-None-Match`, `Range` or `Last-Event-ID`. */
const PREFLIGHT = {
  "access-control-allow-methods": "GET, HEAD",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};

/** True if the path serves public data to programs. */
function isOpen(path: string): boolean {
  return path === "/export" || path === "/openapi.json" || path.startsWith("/api/");
}

/** Allows scripts of any origin to read market data, which is public and read-only. */
export async function allowOtherSites(ctx: Context<State>): Promise<Response> {
  const { basePath } = ctx.state.services.settings;
  if (!isOpen(ctx.url.pathname.slice(basePath.length))) return await ctx.next();
  const isPreflight = ctx.req.method === "OPTIONS" &&
    ctx.req.headers.has("access-control-request-method");
  const response = isPreflight
    ? new Response(null, { status: 204, headers: PREFLIGHT })
    : await ctx.next();
  response.headers.set("access-control-allow-origin", "*");
  response.headers.set("access-control-expose-headers", EXPOSED);
  return response;
}

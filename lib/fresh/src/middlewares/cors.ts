import type { Context } from "../context.ts";
import type { Middleware } from "../middleware.ts";

export type CORSOptions<State> = {
  origin:
    | string
    | string[]
    | ((origin: string, ctx: Context<State>) => string | undefined | null);
  allowMethods?: string[];
  allowHeaders?: string[];
  /** Seconds for which a preflight answer holds. */
  maxAge?: number;
  credentials?: boolean;
  exposeHeaders?: string[];
};

const METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"];

/** Lets pages of other origins read the app's responses. */
export function cors<State>(options?: CORSOptions<State>): Middleware<State> {
  const { origin = "*" } = options ?? {};
  return async (ctx) => {
    const allowed = allowedOrigin(ctx, origin);
    const varies = origin !== "*" && allowed !== null && allowed !== "*";
    if (ctx.req.method === "OPTIONS") {
      const headers = preflightHeaders(ctx.req, options);
      if (varies) headers.append("vary", "Origin");
      addShared(headers, allowed, options);
      return new Response(null, { status: 204, statusText: "No Content", headers });
    }
    const response = await ctx.next();
    addShared(response.headers, allowed, options);
    if (varies) addVary(response.headers, "Origin");
    return response;
  };
}

function allowedOrigin<State>(
  ctx: Context<State>,
  origin: CORSOptions<State>["origin"],
): string | null {
  const requested = ctx.req.headers.get("origin") ?? "";
  if (origin === "*") return "*";
  if (typeof origin === "function") return origin(requested, ctx) ?? null;
  const isAllowed = typeof origin === "string" ? origin === requested : origin.includes(requested);
  return isAllowed ? requested : null;
}

function addShared<State>(
  headers: Headers,
  allowed: string | null,
  options: CORSOptions<State> | undefined,
): void {
  if (allowed) headers.set("access-control-allow-origin", allowed);
  if (options?.credentials) headers.set("access-control-allow-credentials", "true");
  if (options?.exposeHeaders?.length) {
    headers.set("access-control-expose-headers", options.exposeHeaders.join(","));
  }
}

function preflightHeaders<State>(req: Request, options: CORSOptions<State> | undefined): Headers {
  const headers = new Headers();
  const { allowMethods = METHODS, maxAge } = options ?? {};
  if (maxAge !== undefined) headers.set("access-control-max-age", String(maxAge));
  if (allowMethods.length > 0) headers.set("access-control-allow-methods", allowMethods.join(","));
  const requested = req.headers.get("access-control-request-headers")?.split(/\s*,\s*/);
  const allowHeaders = options?.allowHeaders?.length ? options.allowHeaders : requested;
  if (allowHeaders?.length) {
    headers.set("access-control-allow-headers", allowHeaders.join(","));
    headers.append("vary", "Access-Control-Request-Headers");
  }
  return headers;
}

function addVary(headers: Headers, name: string): void {
  const names = headers.get("vary")?.split(/\s*,\s*/) ?? [];
  if (!names.includes(name)) headers.set("vary", [name, ...names].join(", "));
}

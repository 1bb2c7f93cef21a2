import type { Context } from "../context.ts";
import { HttpError } from "../error.ts";
import type { Middleware } from "../middleware.ts";

// deno-lint-ignore no-explicit-any
export interface CsrfOptions<State = any> {
  /** Origins allowed besides the app's own. */
  origin?:
    | string
    | string[]
    | ((origin: string, context: Context<State>) => boolean);
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses unsafe requests that another site made the browser send. */
export function csrf<State>(options?: CsrfOptions<State>): Middleware<State> {
  return async (ctx) => {
    const { method, headers } = ctx.req;
    if (SAFE_METHODS.has(method)) return await ctx.next();
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    const isOwn = site === null ? origin === null : site === "same-origin" || site === "none";
    if (isOwn || isAllowed(ctx, origin, options?.origin)) return await ctx.next();
    throw new HttpError(403);
  };
}

function isAllowed<State>(
  ctx: Context<State>,
  origin: string | null,
  allowed: CsrfOptions<State>["origin"],
): boolean {
  if (origin === null) return false;
  if (!allowed) return origin === ctx.url.origin;
  if (typeof allowed === "function") return allowed(origin, ctx);
  return typeof allowed === "string" ? origin === allowed : allowed.includes(origin);
}

import type { Context } from "fresh";
import { AppError } from "../core/errors.ts";
import type { State } from "./define.ts";

/** Encoded slashes and backslashes: no path contains any. */
const ENCODED_SLASH = /%2f|%5c/i;

/**
 * Gives every page, file and API one path: repeated and trailing slashes are redirected (308, query
 * kept), encoded slashes are not found. Fresh would serve some of these, and relative links on such
 * a page would break.
 */
export async function redirectToCanonical(ctx: Context<State>): Promise<Response> {
  const { pathname, search } = new URL(ctx.req.url); // `ctx.url` has repeated slashes folded
  if (ENCODED_SLASH.test(pathname)) {
    throw new AppError("not_found", `Cannot find ${pathname}: there is no such page`);
  }
  const canonical = toCanonicalPath(pathname, ctx.state.services.settings.basePath);
  if (canonical === pathname) return await ctx.next();
  return new Response(null, { status: 308, headers: { location: canonical + search } });
}

/**
 * The start page is at both `/wick` and `/wick/`, as `https://wick.example` equals
 * `https://wick.example/`.
 */
export function toCanonicalPath(pathname: string, basePath: string): string {
  const folded = pathname.replaceAll(/\/{2,}/g, "/");
  const isStart = folded === "/" || folded === `${basePath}/`;
  return isStart || !folded.endsWith("/") ? folded : folded.slice(0, -1);
}

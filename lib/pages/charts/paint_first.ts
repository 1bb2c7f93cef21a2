import type { Context } from "fresh";
import { asset } from "fresh/runtime";
import type { State } from "../../http/define.ts";

/** Style sheets of every page. */
const STYLES = ["/styles.css", "/plotly.css"];

/** A `Link` header that preloads a style sheet before the page is parsed. */
export function stylePreload(basePath: string, path: string): string {
  return `<${basePath}${asset(path)}>; rel="preload"; as="style"`;
}

/**
 * Candles need only the page and its style sheets, so those load first. Fresh would preload the
 * islands' scripts at the same time; here they follow after the page is parsed.
 */
export async function paintFirst(ctx: Context<State>): Promise<Response> {
  const response = await ctx.next();
  const { headers } = response;
  if (!headers.get("content-type")?.startsWith("text/html")) return response;
  const { basePath } = ctx.state.services.settings;
  const own = (headers.get("link") ?? "").split(", ")
    .filter((link) => link !== "" && !link.includes("modulepreload"));
  const shared = STYLES.map((path) => stylePreload(basePath, path));
  headers.set("link", [...shared, ...own].join(", "));
  return response;
}

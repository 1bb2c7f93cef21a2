import type { Context } from "fresh";
import { asset } from "fresh/runtime";
import type { State } from "../../http/define.ts";

/** Styles of every page. */
const STYLES = ["/styles.css", "/plotly.css"];

/** A `Link` that has a stylesheet fetched before the page has been read. */
export function stylePreload(basePath: string, path: string): string {
  return `<${basePath}${asset(path)}>; rel="preload"; as="style"`;
}

/**
 * Candles are painted from the page and its styles alone, so those come first. Fresh would have the
 * browser fetch the scripts of islands beside them: here they follow once the page has been read.
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

import type { Settings } from "../../http/define.ts";

/** Paths of pages; all others are for programs. */
const PAGES = new Set(["/", "/charts", "/markets", "/symbols", "/universe", "/status", "/docs"]);

/** True if `pathname`, base path included, is a page. */
export function isPagePath(pathname: string, { basePath }: Pick<Settings, "basePath">): boolean {
  return PAGES.has(pathname.slice(basePath.length) || "/");
}

import type { Settings } from "../../http/define.ts";

/** Paths that people open in a browser; everything else answers machines. */
const PAGES = new Set(["/", "/charts", "/markets", "/status", "/docs"]);

/** Whether `pathname`, base path included, is a page's. */
export function isPagePath(pathname: string, { basePath }: Pick<Settings, "basePath">): boolean {
  return PAGES.has(pathname.slice(basePath.length) || "/");
}

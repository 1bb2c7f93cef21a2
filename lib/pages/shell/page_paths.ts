import type { Settings } from "../../http/define.ts";

/** Paths of pages; all others are for programs. */
const PAGES = new Set(["/", "/charts", "/markets", "/symbols", "/universe", "/status", "/docs"]);

/** Pages that list symbols, a reader's favourites first. */
const OF_SYMBOLS = new Set(["/charts", "/symbols"]);

/** True if the page at `pathname`, base path included, lists symbols. */
export function listsSymbols(pathname: string, { basePath }: Pick<Settings, "basePath">): boolean {
  return OF_SYMBOLS.has(pathname.slice(basePath.length));
}

/** True if `pathname`, base path included, is a page. */
export function isPagePath(pathname: string, { basePath }: Pick<Settings, "basePath">): boolean {
  return PAGES.has(pathname.slice(basePath.length) || "/");
}

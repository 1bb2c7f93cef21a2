import { isSpecialFile } from "./file_path.ts";

const SPECIAL_ORDER = ["_app", "_middleware", "_layout", "_error", "_500", "_404"];

/** Special files before the routes they apply to, then routes from exact to catch-all. */
export function compareRouteFiles(a: string, b: string): number {
  const special = Number(isSpecialFile(b)) - Number(isSpecialFile(a));
  if (special !== 0) return special;
  return isSpecialFile(a) ? compareSpecialFiles(a, b) : compareRoutes(a, b);
}

function compareSpecialFiles(a: string, b: string): number {
  const aParts = a.split("/");
  const bParts = b.split("/");
  return aParts.length - bParts.length ||
    SPECIAL_ORDER.indexOf(aParts.at(-1)!) -
      SPECIAL_ORDER.indexOf(bParts.at(-1)!) ||
    compareText(a, b);
}

function compareRoutes(a: string, b: string): number {
  const aParts = matchedParts(a);
  const bParts = matchedParts(b);
  const length = Math.max(aParts.length, bParts.length);
  for (let i = 0; i < length; i++) {
    const order = rank(aParts[i]) - rank(bParts[i]);
    if (order !== 0) return order;
  }
  return compareText(a, b);
}

function matchedParts(path: string): string[] {
  const parts = path.split("/").filter((part) => !part.startsWith("("));
  if (parts.at(-1) === "index") parts.pop();
  return parts;
}

/** The earlier a route is tried, the lower: end of path, text, mixed, `[x]`, `[[x]]`, `[...x]`. */
function rank(part: string | undefined): number {
  if (part === undefined) return 0;
  if (!part.includes("[")) return 1;
  if (part.startsWith("[...")) return 5;
  if (part.startsWith("[[")) return 4;
  return part.startsWith("[") && part.endsWith("]") &&
      !part.slice(1).includes("[")
    ? 3
    : 2;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

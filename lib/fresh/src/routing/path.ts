/** Joins a prefix and a route path; `*` stands for everything below the prefix. */
export function mergePath(prefix: string, path: string, isMounting: boolean): string {
  let base = prefix;
  if (base.endsWith("*")) base = base.slice(0, -1);
  if (base.endsWith("/")) base = base.slice(0, -1);
  if (path === "*") return base + (isMounting ? "" : "/*");
  return base !== "" && path === "/" ? base : base + path;
}

/** The folders a path lies in, and with `includeLast` its own name too. */
export function toSegments(path: string, includeLast: boolean): string[] {
  if (path === "*" || path === "/*") return [];
  const parts = path.split("/");
  if (!includeLast) parts.pop();
  return parts.filter((part) => part !== "");
}

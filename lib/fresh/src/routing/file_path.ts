const SPECIAL = new Set(["_app", "_layout", "_middleware", "_error", "_500", "_404"]);

/** `foo/[id]/index` becomes `/foo/:id`; groups in parentheses leave no trace. */
export function filePathToPattern(path: string): string {
  const parts = path.split("/").filter((part) => !isGroup(part));
  if (parts.at(-1) === "index") parts.pop();
  const pattern = parts.map((part) => partToPattern(part, path)).join("");
  return pattern === "" ? "/" : pattern;
}

/** The folders of a route file, as names of segments: groups count here. */
export function filePathToSegments(path: string): string[] {
  const folders = path.split("/").slice(0, -1);
  return folders.map((part) => isGroup(part) ? part : partToPattern(part, path).replace("/", ""));
}

export function isSpecialFile(path: string): boolean {
  return SPECIAL.has(path.slice(path.lastIndexOf("/") + 1));
}

function isGroup(part: string): boolean {
  return part.startsWith("(") && part.endsWith(")");
}

function partToPattern(part: string, path: string): string {
  const rest = /^\[\.\.\.([^[\]]+)\]$/.exec(part);
  if (rest) return `/:${rest[1]}*`;
  const optional = /^\[\[([^[\]]+)\]\]$/.exec(part);
  if (optional) return `{/:${optional[1]}}?`;
  if (part.includes("[[")) throw invalid(path, "An optional parameter needs to be a full segment");
  if (part.includes("][")) {
    throw invalid(path, "A parameter cannot follow another without characters in between");
  }
  const pattern = part.replaceAll(/\[([^[\]]+)\]/g, ":$1");
  if (/[[\]]/.test(pattern)) throw invalid(path, "A bracket has no partner");
  return `/${pattern}`;
}

function invalid(path: string, rule: string): SyntaxError {
  return new SyntaxError(`Invalid route pattern: "${path}". ${rule}`);
}

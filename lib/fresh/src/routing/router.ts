import { compilePattern, isPattern, type PathMatcher } from "./pattern.ts";

export type Method =
  | "HEAD"
  | "GET"
  | "POST"
  | "PATCH"
  | "PUT"
  | "DELETE"
  | "OPTIONS";

export const METHODS: readonly Method[] = [
  "GET",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
];

export interface RouteEntry<T> {
  pattern: string;
  items: Map<string, T>;
}

export interface RouteMatch<T> {
  entry: RouteEntry<T>;
  params: Record<string, string>;
}

interface DynamicRoute<T> {
  entry: RouteEntry<T>;
  match: PathMatcher;
}

/** Exact paths win over patterns, and patterns are tried in the order they were added. */
export class Router<T> {
  #byPattern = new Map<string, RouteEntry<T>>();
  #static = new Map<string, RouteEntry<T>>();
  #dynamic: DynamicRoute<T>[] = [];

  /** Adds an item, or what `merge` makes of it and the one that is there. */
  add(method: Method, pattern: string, item: T, merge: (present: T, added: T) => T): void {
    const entry = this.#entry(pattern);
    const present = entry.items.get(method);
    entry.items.set(method, present === undefined ? item : merge(present, item));
  }

  find(path: string): RouteMatch<T> | null {
    const exact = this.#static.get(path) ?? this.#static.get(withOtherEnd(path));
    if (exact !== undefined) return { entry: exact, params: Object.create(null) };
    for (const { entry, match } of this.#dynamic) {
      const params = match(path);
      if (params !== null) return { entry, params: decodeParams(params) };
    }
    return null;
  }

  #entry(pattern: string): RouteEntry<T> {
    let entry = this.#byPattern.get(pattern);
    if (entry === undefined) {
      entry = { pattern, items: new Map() };
      this.#byPattern.set(pattern, entry);
      if (isPattern(pattern)) {
        this.#dynamic.push({ entry, match: compilePattern(pattern) });
      } else this.#static.set(pattern, entry);
    }
    return entry;
  }
}

/** A path without a slash at its end answers one with it, and the other way round. */
function withOtherEnd(path: string): string {
  if (path === "/") return path;
  return path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
}

/** HEAD is answered by GET where it has no handler of its own. */
export function itemFor<T>(entry: RouteEntry<T>, method: string): T | undefined {
  return entry.items.get(method) ??
    (method === "HEAD" ? entry.items.get("GET") : undefined);
}

function decodeParams(params: Record<string, string | undefined>): Record<string, string> {
  const decoded: Record<string, string> = Object.create(null);
  for (const name in params) decoded[name] = decode(params[name] ?? "");
  return decoded;
}

function decode(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURI(value);
  } catch {
    return value; // a malformed escape is the client's mistake and must not become a 500
  }
}

import type { FileRoute } from "./build/file_routes.ts";
import type { Middleware } from "./app.ts";
import { routeHandler } from "./route_handler.ts";

export interface Route<State> {
  /** With the base path. */
  readonly path: string;
  /** Loads the route's file at its first request. */
  load(): Promise<Middleware<State>>;
}

/** Finds routes by path; as in Fresh, a slash at the end makes no difference. */
export function createRouter<State>(
  basePath: string,
  files: ReadonlyMap<string, FileRoute<State>>,
): (path: string) => Route<State> | undefined {
  const routes = new Map<string, Route<State>>();
  for (const [path, file] of files) {
    const full = path === "/" && basePath !== "" ? basePath : basePath + path;
    let loaded: Promise<Middleware<State>> | undefined;
    routes.set(full, { path: full, load: () => loaded ??= file().then(routeHandler) });
  }
  return (path) =>
    routes.get(path) ??
      (path.length > 1 && path.endsWith("/") ? routes.get(path.slice(0, -1)) : undefined);
}

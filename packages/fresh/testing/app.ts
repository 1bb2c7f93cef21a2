import { App, setBuildCache } from "../src/app.ts";
import { emptyBuildCache } from "../src/build/build_cache.ts";
import { contentTypeOf } from "../src/build/content_type.ts";
import { type FileRoute, type RouteModule, toFileRoutes } from "../src/build/file_routes.ts";
import { addIslands } from "../src/build/islands.ts";
import type { Middleware } from "../src/handlers.ts";
import type { Handler } from "./request.ts";

export interface TestSite<State> {
  basePath?: string;
  mode?: "development" | "production";
  middlewares?: Middleware<State>[];
  /** Files of `routes/`, by path without extension. */
  routes?: Record<string, RouteModule<State> | FileRoute<State>>;
  /** Static files, by path. */
  files?: Record<string, string>;
  /** Islands, each in a separate module. */
  islands?: Record<string, unknown>;
}

/** The handler of an app as after a build: middlewares, then routes. */
export function serve<State = unknown>(site: TestSite<State>): Handler {
  const { basePath = "", mode = "production", middlewares = [], files = {} } = site;
  const app = new App<State>({ basePath }).use(...middlewares).fsRoutes();
  const routes = Object.entries(site.routes ?? {}).map(([id, mod]) => ({ id, mod }));
  const cache = {
    ...emptyBuildCache<State>("."),
    clientEntry: "/_fresh/js/id/fresh-islands.js",
    routes: () => toFileRoutes(routes),
    readFile(path: string) {
      const text = files[path];
      if (text === undefined) return Promise.resolve(null);
      const open = () => Promise.resolve(text);
      const file = { contentType: contentTypeOf(path), size: text.length, hash: "hash" };
      return Promise.resolve({ ...file, open });
    },
  };
  const modules = Object.entries(site.islands ?? {})
    .map(([name, component]) => ({ name, exports: { default: component } }));
  addIslands(cache.islands, modules);
  setBuildCache(app, cache, mode);
  return app.handler();
}

/** The text that a page's script passes to `boot()`. */
export function bootText(html: string): string {
  const literal = /boot\(\{[^}]*\}, ("(?:[^"\\]|\\.)*")\);<\/script>/.exec(html)?.[1];
  if (literal === undefined) throw new Error(`No boot script in ${html}`);
  return JSON.parse(literal);
}

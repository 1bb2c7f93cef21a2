import { App, setBuildCache } from "../src/app.ts";
import { type BuildCache, emptyBuildCache } from "../src/build/build_cache.ts";
import { fileCommands, type RouteModule } from "../src/build/file_routes.ts";
import { contentTypeOf } from "../src/build/content_type.ts";
import { compareRouteFiles } from "../src/routing/file_order.ts";
import type { Lazy } from "../src/route.ts";

/** An app with the given modules as its `routes/` folder. */
export function appWithRoutes<State>(
  modules: Record<string, RouteModule<State> | Lazy<RouteModule<State>>>,
): App<State> {
  const files = Object.entries(modules).map(([id, mod]) => ({ id, mod }));
  files.sort((a, b) => compareRouteFiles(a.id, b.id));
  const commands = fileCommands(files);
  return withCache(new App<State>(), { routes: () => commands }).fsRoutes();
}

/** Gives an app static files, by their URL path. */
export function withFiles<State>(app: App<State>, files: Record<string, string>): App<State> {
  return withCache(app, {
    readFile(path) {
      const text = files[path];
      if (text === undefined) return Promise.resolve(null);
      const open = () => Promise.resolve(text);
      const file = { contentType: contentTypeOf(path), size: text.length, hash: "hash" };
      return Promise.resolve({ ...file, open });
    },
  });
}

function withCache<State>(app: App<State>, parts: Partial<BuildCache<State>>): App<State> {
  setBuildCache(app, { ...emptyBuildCache<State>("."), ...parts }, "production");
  return app;
}

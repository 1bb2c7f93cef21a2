import type { BuildAssets } from "./build_assets.ts";
import type { FileRoutes } from "./file_routes.ts";

/** A build as an app uses it at run time. */
export interface BuildCache<State> extends BuildAssets {
  root: string;
  routes(): FileRoutes<State>;
}

export function emptyBuildCache<State>(root: string): BuildCache<State> {
  return {
    root,
    islands: new Map(),
    clientEntry: "",
    reloadEntry: null,
    routes: () => ({ app: null, routes: new Map() }),
    readFile: () => Promise.resolve(null),
  };
}

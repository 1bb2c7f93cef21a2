import type { HandlerFn } from "../handlers.ts";
import type { RouteComponent } from "../route.ts";

/** Exports of a file under `routes/`. */
export interface RouteModule<State> {
  default?: RouteComponent<State>;
  handler?: HandlerFn<unknown, State>;
}

export interface RouteFile<State> {
  /** Path under `routes/` without extension, such as `api/series`. */
  id: string;
  /** Loaded at the start for `_app`, otherwise at the first request. */
  mod: RouteModule<State> | FileRoute<State>;
}

export type FileRoute<State> = () => Promise<RouteModule<State>>;

/** The app wrapper, and routes by path. */
export interface FileRoutes<State> {
  app: RouteComponent<State> | null;
  routes: Map<string, FileRoute<State>>;
}

/** True if a file is the wrapper of all pages rather than a route. */
export function isAppFile(id: string): boolean {
  return id === "_app";
}

export function toFileRoutes<State>(files: readonly RouteFile<State>[]): FileRoutes<State> {
  const found: FileRoutes<State> = { app: null, routes: new Map() };
  for (const { id, mod } of files) {
    const load = typeof mod === "function" ? mod : () => Promise.resolve(mod);
    if (isAppFile(id)) found.app = typeof mod === "function" ? null : mod.default ?? null;
    else found.routes.set(toPath(id), async () => checked(id, await load()));
  }
  return found;
}

/** `docs/index` becomes `/docs`. */
function toPath(id: string): string {
  if (/[[(]|(?:^|\/)_/.test(id)) throw missing(id, "parameters, groups, layouts, error pages");
  return `/${id}`.replace(/\/index$/, "") || "/";
}

function checked<State>(id: string, mod: RouteModule<State>): RouteModule<State> {
  if (mod.default === undefined && mod.handler === undefined) {
    throw new TypeError(`Cannot use routes/${id}: it exports no default and no handler`);
  }
  if (mod.handler !== undefined && typeof mod.handler !== "function") {
    throw missing(id, "handlers by method");
  }
  return mod;
}

function missing(id: string, what: string): TypeError {
  return new TypeError(
    `Cannot use routes/${id}: this stand-in for Fresh has no ${what}; its README says how to ` +
      `switch to Fresh`,
  );
}

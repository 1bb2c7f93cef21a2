import { type Command, errorCommand, notFoundCommand, routeCommand } from "../commands.ts";
import { type HandlerFn, isHandlerByMethod, type RouteHandler } from "../handlers.ts";
import type { MaybeLazyMiddleware } from "../middleware.ts";
import type { MaybeLazy, Route, RouteComponent, RouteConfig } from "../route.ts";
import { filePathToPattern, filePathToSegments } from "../routing/file_path.ts";

/** What a file under `routes/` may export. */
export interface RouteModule<State> {
  default?: RouteComponent<State> | MaybeLazyMiddleware<State> | MaybeLazyMiddleware<State>[];
  handler?: RouteHandler<unknown, State> | HandlerFn<unknown, State>[];
  handlers?: RouteHandler<unknown, State> | HandlerFn<unknown, State>[];
  config?: RouteConfig;
}

export interface RouteFile<State> {
  /** Path under `routes/` without extension, such as `blog/[slug]`. */
  id: string;
  mod: MaybeLazy<RouteModule<State>>;
}

/** Commands for route files, which have to be in the order of `compareRouteFiles`. */
export function fileCommands<State>(files: RouteFile<State>[]): Command<State>[] {
  return files.flatMap((file) => {
    const command = fileCommand(file);
    return command === null ? [] : [command];
  });
}

function fileCommand<State>({ id, mod }: RouteFile<State>): Command<State> | null {
  const segments = filePathToSegments(id);
  const place = { segments, pattern: filePathToPattern(id) };
  if (typeof mod === "function") {
    return routeCommand(place, async () => toRoute(id, await mod()), { methods: "ALL" });
  }
  const route = toRoute(id, mod);
  switch (id.slice(id.lastIndexOf("/") + 1)) {
    case "_app":
      return route.component ? { kind: "app", component: route.component } : null;
    case "_layout":
      if (!route.component) return null;
      return { kind: "layout", segments, component: route.component, config: route.config ?? {} };
    case "_middleware":
      return middlewareCommand(id, mod);
    case "_404":
      return notFoundCommand(route);
    case "_error":
    case "_500":
      return errorCommand(segments, route);
    default:
      return routeCommand(place, route);
  }
}

function middlewareCommand<State>(id: string, mod: RouteModule<State>): Command<State> | null {
  const exported = mod.handlers ?? mod.handler ?? mod.default;
  if (exported === undefined) return null;
  if (isHandlerByMethod(exported)) {
    throw new TypeError(`Cannot use routes/${id}: a middleware has no handlers by method`);
  }
  const fns = [exported].flat() as MaybeLazyMiddleware<State>[];
  return { kind: "middleware", segments: filePathToSegments(id), fns };
}

function toRoute<State>(id: string, mod: RouteModule<State>): Route<State> {
  const handler = mod.handlers ?? mod.handler;
  if (mod.default === undefined && handler === undefined && mod.config === undefined) {
    throw new TypeError(`Cannot use routes/${id}: it exports no default, handler or config`);
  }
  const route: Route<State> = {};
  if (mod.default !== undefined) route.component = mod.default as RouteComponent<State>;
  if (handler !== undefined) route.handler = handler as RouteHandler<unknown, State>;
  if (mod.config !== undefined) route.config = mod.config;
  return route;
}

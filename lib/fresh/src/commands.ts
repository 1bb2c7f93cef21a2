import { HttpError } from "./error.ts";
import { isHandlerByMethod } from "./handlers.ts";
import type { MaybeLazyMiddleware, Middleware } from "./middleware.ts";
import { renderRoute } from "./render_route.ts";
import type { LayoutConfig, MaybeLazy, Route, RouteComponent, RouteConfig } from "./route.ts";
import type { Method } from "./routing/router.ts";

/** One step of building an app, in the order in which the app's methods were called. */
export type Command<State> =
  | { kind: "middleware"; segments: string[]; fns: MaybeLazyMiddleware<State>[] }
  | { kind: "layout"; segments: string[]; component: RouteComponent<State>; config?: LayoutConfig }
  | { kind: "error"; segments: string[]; route: Route<State> }
  | { kind: "app"; component: RouteComponent<State> }
  | { kind: "notFound"; handle: Middleware<State> }
  | RouteCommand<State>
  | HandlerCommand<State>
  | { kind: "files"; pattern: string; commands: () => Command<State>[] };

export interface RouteCommand<State> {
  kind: "route";
  segments: string[];
  pattern: string;
  route: MaybeLazy<Route<State>>;
  methods?: "ALL" | Method[] | undefined;
}

export interface HandlerCommand<State> {
  kind: "handler";
  segments: string[];
  pattern: string;
  method: Method | "ALL";
  fns: MaybeLazy<Middleware<State>>[];
}

export function errorCommand<State>(
  segments: string[],
  handler: Route<State> | Middleware<State>,
): Command<State> {
  return { kind: "error", segments, route: completeRoute(toRoute(handler)) };
}

export function notFoundCommand<State>(handler: Route<State> | Middleware<State>): Command<State> {
  const route = completeRoute(toRoute(handler));
  return { kind: "notFound", handle: (ctx) => renderRoute(ctx, route) };
}

export function routeCommand<State>(
  place: { segments: string[]; pattern: string },
  route: MaybeLazy<Route<State>>,
  config?: RouteConfig,
): RouteCommand<State> {
  if (typeof route !== "function") {
    const pattern = route.config?.routeOverride ?? place.pattern;
    return { kind: "route", ...place, pattern, route: completeRoute(route) };
  }
  return {
    kind: "route",
    ...place,
    pattern: config?.routeOverride ?? place.pattern,
    route: async () => completeRoute(await route()),
    methods: config?.methods,
  };
}

function toRoute<State>(handler: Route<State> | Middleware<State>): Route<State> {
  return typeof handler === "function" ? { handler } : handler;
}

/** A component without a handler is rendered with empty data. */
function completeRoute<State>(route: Route<State>): Route<State> {
  const render = () => ({ data: {} });
  const { handler, component } = route;
  if (handler === undefined) {
    return { ...route, handler: component === undefined ? notFound : render };
  }
  if (
    component !== undefined && isHandlerByMethod<unknown, State>(handler) &&
    handler.GET === undefined
  ) {
    return { ...route, handler: { ...handler, GET: render } };
  }
  return route;
}

export function notFound(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

export function methodNotAllowed(): Promise<Response> {
  return Promise.reject(new HttpError(405));
}

import type { BuildCache } from "./build/build_cache.ts";
import type { FileRoute, FileRoutes, RouteModule } from "./build/file_routes.ts";
import type { ResolvedFreshConfig } from "./config.ts";
import { Context } from "./context.ts";
import { HttpError } from "./error.ts";
import { plainPath, requestUrl } from "./request_url.ts";
import { STATUS_TEXT } from "./status_text.ts";
import type { Middleware, PageResponse } from "./handlers.ts";
import { toVNode } from "./render/component.ts";

export type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

export interface CompiledApp<State> {
  config: ResolvedFreshConfig;
  buildCache: BuildCache<State>;
  middlewares: readonly Middleware<State>[];
  /** `undefined` without `fsRoutes()`. */
  routes: FileRoutes<State> | undefined;
  /** Middlewares that run for routes. */
  before: number;
}

/** For any other method on a known path, Fresh calls a handler that does not exist. */
const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]);

const LOCAL_INFO: Deno.ServeHandlerInfo = {
  remoteAddr: { transport: "tcp", hostname: "localhost", port: 1234 },
  completed: Promise.resolve(),
};

export function createHandler<State>(app: CompiledApp<State>): Handler {
  const { config, buildCache, middlewares, routes } = app;
  const find = createRouter<State>(config.basePath, routes?.routes ?? new Map());
  const forRoutes = middlewares.slice(0, app.before);
  return async (req, info = LOCAL_INFO) => {
    const path = plainPath(req.url);
    const url = path === null ? requestUrl(req) : null;
    const route = find(path ?? url!.pathname);
    const method = req.method.toUpperCase();
    const ctx = new Context<State>({
      req,
      url,
      info,
      config,
      buildCache,
      route: route?.path ?? null,
      app: routes?.app ?? null,
    });
    try {
      if (route !== undefined && !METHODS.has(method)) {
        throw new TypeError("handler is not a function");
      }
      const response = await (route === undefined
        ? run(middlewares, ctx, notFound)
        : run(forRoutes, ctx, () =>
          runRoute(route, ctx)));
      return method === "HEAD" ? new Response(null, response) : response;
    } catch (error) {
      return answerError(error);
    }
  };
}

function notFound(): Promise<Response> {
  return Promise.reject(new HttpError(404));
}

async function runRoute<State>(route: Route<State>, ctx: Context<State>): Promise<Response> {
  return await (await route.load())(ctx);
}

/** Runs middlewares from the one at `index`; the innermost `ctx.next()` calls `last`. */
async function run<State>(
  middlewares: readonly Middleware<State>[],
  ctx: Context<State>,
  last: () => Promise<Response>,
  index = 0,
): Promise<Response> {
  const middleware = middlewares[index];
  if (middleware === undefined) return await last();
  ctx.next = () => run(middlewares, ctx, last, index + 1);
  const response = await middleware(ctx);
  if (response instanceof Response) return response;
  throw new TypeError(`Expected a "Response" instance to be returned, but got: ${response}`);
}

function answerError(error: unknown): Response {
  if (error instanceof HttpError) {
    if (error.status >= 500) report(error);
    const message = error.message || STATUS_TEXT[error.status];
    return new Response(message, { status: error.status });
  }
  report(error);
  return new Response("Internal server error", { status: 500 });
}

function report(error: unknown): void {
  // deno-lint-ignore no-console
  console.error(error);
}

interface Route<State> {
  /** With the base path. */
  readonly path: string;
  /** Loads the route's file at its first request. */
  load(): Promise<Middleware<State>>;
}

/** Finds routes by path; as in Fresh, a slash at the end makes no difference. */
function createRouter<State>(
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

/** Runs a route's handler and, unless it returns a response, renders the route's component. */
function routeHandler<State>(route: RouteModule<State>): Middleware<State> {
  const { handler = () => ({ data: {} }) } = route;
  return async (ctx) => {
    const result = await handler(ctx);
    if (result instanceof Response) return result;
    if (typeof result !== "object" || result === null) {
      throw new TypeError(`Cannot answer ${ctx.route}: the handler returned ${result}`);
    }
    return await renderData(ctx, route, result);
  };
}

async function renderData<State>(
  ctx: Context<State>,
  { default: component }: RouteModule<State>,
  { data, status = 200, headers }: PageResponse<unknown>,
): Promise<Response> {
  const init: ResponseInit = { status };
  if (headers !== undefined) init.headers = headers;
  if (component === undefined) return await ctx.render(null, init);
  const vnode = await toVNode(ctx, component, { data, Component: () => null });
  return vnode instanceof Response ? vnode : await ctx.render(vnode, init);
}

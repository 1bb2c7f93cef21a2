import type { BuildCache } from "./build/build_cache.ts";
import { type Command, errorCommand, notFoundCommand, routeCommand } from "./commands.ts";
import { type FreshConfig, resolveConfig, type ResolvedFreshConfig } from "./config.ts";
import { createHandler } from "./handle_request.ts";
import { listen, type ListenOptions } from "./listen.ts";
import type { MaybeLazyMiddleware, Middleware } from "./middleware.ts";
import { mountedCommand } from "./mounted_command.ts";
import type { LayoutConfig, MaybeLazy, Route, RouteComponent, RouteConfig } from "./route.ts";
import { toSegments } from "./routing/path.ts";
import type { Method } from "./routing/router.ts";

/** Gives an app what a build made of the project: file routes, islands, static files. */
export let setBuildCache: <State>(
  app: App<State>,
  cache: BuildCache<State>,
  mode: "development" | "production",
) => void;

/** Middlewares and routes, in the order in which its methods are called. */
export class App<State> {
  #commands: Command<State>[] = [];
  #buildCache: () => BuildCache<State> | null = () => null;
  config: ResolvedFreshConfig;

  static {
    setBuildCache = (app, cache, mode) => {
      app.config.root = cache.root;
      app.config.mode = mode;
      app.#buildCache = () => cache;
    };
  }

  constructor(config: FreshConfig = {}) {
    this.config = resolveConfig(config);
  }

  /** Adds middlewares for everything, or for everything under a path. */
  use(...middleware: MaybeLazyMiddleware<State>[]): this;
  use(path: string, ...middleware: MaybeLazyMiddleware<State>[]): this;
  use(
    first: string | MaybeLazyMiddleware<State>,
    ...rest: MaybeLazyMiddleware<State>[]
  ): this {
    const [path, fns] = typeof first === "string" ? [first, rest] : ["*", [first, ...rest]];
    return this.#add({ kind: "middleware", segments: toSegments(path, true), fns });
  }

  /** Answers what no route matches. */
  notFound(routeOrMiddleware: Route<State> | Middleware<State>): this {
    return this.#add(notFoundCommand(routeOrMiddleware));
  }

  /** Answers for what throws under a path. */
  onError(path: string, routeOrMiddleware: Route<State> | Middleware<State>): this {
    return this.#add(errorCommand(toSegments(path, true), routeOrMiddleware));
  }

  /** Sets the component around every page, usually `<html>`. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#add({ kind: "app", component });
  }

  /** Adds a component around every page under a path. */
  layout(path: string, component: RouteComponent<State>, config: LayoutConfig = {}): this {
    return this.#add({ kind: "layout", segments: toSegments(path, true), component, config });
  }

  /** Adds a route with a handler, a component or both. */
  route(path: string, route: MaybeLazy<Route<State>>, config?: RouteConfig): this {
    return this.#add(
      routeCommand({ segments: toSegments(path, true), pattern: path }, route, config),
    );
  }

  get(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("GET", path, middlewares);
  }

  post(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("POST", path, middlewares);
  }

  patch(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("PATCH", path, middlewares);
  }

  put(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("PUT", path, middlewares);
  }

  delete(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("DELETE", path, middlewares);
  }

  head(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("HEAD", path, middlewares);
  }

  all(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#handle("ALL", path, middlewares);
  }

  /** Inserts the routes of the build's `routes/` folder at this point. */
  fsRoutes(pattern = "*"): this {
    return this.#add({
      kind: "files",
      pattern,
      commands: () => this.#buildCache()?.routes() ?? [],
    });
  }

  /** Adds everything another app holds under a path. */
  mountApp(path: string, app: App<State>): this {
    const basePath = app.config.basePath;
    for (const command of app.#commands) {
      this.#add(mountedCommand(command, path, basePath === path ? "" : basePath));
    }
    app.#buildCache = () => this.#buildCache();
    return this;
  }

  /** Creates the function that answers requests, for `Deno.serve` and for tests. */
  handler(): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
    return createHandler(this.config, this.#commands, this.#buildCache());
  }

  /** Serves the app, on the first free port from 8000 unless one is given. */
  async listen(options: ListenOptions = {}): Promise<void> {
    await listen(this.handler(), options, this.config.basePath);
  }

  #handle(method: Method | "ALL", path: string, fns: MaybeLazy<Middleware<State>>[]): this {
    const segments = toSegments(path, true);
    return this.#add({ kind: "handler", segments, pattern: path, method, fns });
  }

  #add(command: Command<State>): this {
    this.#commands.push(command);
    return this;
  }
}

import { type BuildCache, emptyBuildCache } from "./build/build_cache.ts";
import { DENO_DEPLOYMENT_ID } from "./build_id.ts";
import { type FreshConfig, resolveConfig, type ResolvedFreshConfig } from "./config.ts";
import { createHandler, type Handler } from "./handle_request.ts";
import type { Middleware } from "./handlers.ts";

/** Gives an app the result of a build: file routes, islands, static files. */
export let setBuildCache: <State>(
  app: App<State>,
  cache: BuildCache<State>,
  mode: "development" | "production",
) => void;

/** Middlewares and the routes of the build, in the order in which its methods are called. */
export class App<State> {
  #middlewares: Middleware<State>[] = [];
  /** Number of middlewares before the file routes; the others run for unknown paths only. */
  #before: number | undefined;
  #buildCache: BuildCache<State> | null = null;
  config: ResolvedFreshConfig;

  static {
    setBuildCache = (app, cache, mode) => {
      app.config.root = cache.root;
      app.config.mode = mode;
      app.#buildCache = cache;
    };
  }

  constructor(config: FreshConfig = {}) {
    this.config = resolveConfig(config);
  }

  /** Adds middlewares for everything that is added after them. */
  use(...middlewares: Middleware<State>[]): this {
    this.#middlewares.push(...middlewares);
    return this;
  }

  /** Inserts the routes of the build's `routes/` folder at this point. */
  fsRoutes(): this {
    this.#before ??= this.#middlewares.length;
    return this;
  }

  /** Creates the function that answers requests, for `Deno.serve` and for tests. */
  handler(): Handler {
    const { mode, root } = this.config;
    if (this.#buildCache === null && mode === "production" && DENO_DEPLOYMENT_ID !== undefined) {
      throw new Error(
        `Cannot serve a deployment without a build: run "deno task build" and start _fresh/server.js`,
      );
    }
    const buildCache = this.#buildCache ?? emptyBuildCache<State>(root);
    return createHandler({
      config: this.config,
      buildCache,
      middlewares: this.#middlewares,
      routes: this.#before === undefined ? undefined : buildCache.routes(),
      before: this.#before ?? 0,
    });
  }
}

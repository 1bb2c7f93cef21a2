import { relative } from "node:path";
import { type App, setBuildCache } from "../app.ts";
import { type BuildCache, emptyBuildCache } from "../build/build_cache.ts";
import { setBuildId } from "../build_id.ts";
import {
  type BuildOptions,
  resolveBuildConfig,
  type ResolvedBuildConfig,
} from "./build_options.ts";
import { crawlProject } from "./crawl.ts";
import { writeBuild } from "./disk_build.ts";
import { bundleIslands, type IslandBundle } from "./island_bundle.ts";
import { LiveReload } from "./live_reload.ts";
import { MemoryBuildCache } from "./memory_build_cache.ts";
import { watchProject } from "./watch_project.ts";

/** Options of `Builder.listen()`. */
export interface ListenOptions {
  hostname?: string;
  port?: number;
  signal?: AbortSignal;
}

/** Builds a project for production, for tests, or for a development server. */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  readonly config: ResolvedBuildConfig;

  constructor(options: BuildOptions = {}) {
    this.config = resolveBuildConfig(options);
  }

  /**
   * Builds, and returns a function that gives the build to an app. A build on disk is not loaded
   * here but by `_fresh/server.js`.
   */
  async build(
    { snapshot = "disk" }: { snapshot?: "disk" | "memory" } = {},
  ): Promise<(app: App<State>) => void> {
    this.config.mode = "production";
    if (snapshot === "memory") {
      const cache = await this.#loadInMemory();
      return (app) => this.#apply(app, cache, app.config.mode);
    }
    const { routes } = await crawlProject(this.config);
    await writeBuild(this.config, routes, await this.#bundle());
    return (app) => this.#apply(app, emptyBuildCache(this.config.root), app.config.mode);
  }

  /**
   * Serves the app in development: open pages reload when browser code or static files change.
   * Server code changes only when the process restarts, as with `deno run --watch`.
   */
  async listen(
    importApp: () => Promise<{ app: App<State> }>,
    options: ListenOptions = {},
  ): Promise<void> {
    this.config.mode = "development";
    const { app } = await importApp();
    const cache = await this.#loadInMemory();
    this.#apply(app, cache, "development");

    const reload = new LiveReload();
    const onListen = ({ hostname, port }: Deno.NetAddr) =>
      announce(hostname, port, app.config.basePath);
    Deno.serve({ ...options, onListen }, reload.around(app.handler()));
    const staticFolder = relative(this.config.root, this.config.staticDir);
    watchProject(this.config, options.signal, async (paths) => {
      const isNew = cache.replaceBundle(await this.#bundle());
      if (isNew || paths.values().some((path) => path.startsWith(staticFolder))) reload.notify();
      else reportLoaded(paths);
    });
  }

  #apply(app: App<State>, cache: BuildCache<State>, mode: ResolvedBuildConfig["mode"]): void {
    setBuildId(this.config.buildId);
    setBuildCache(app, cache, mode);
  }

  async #loadInMemory(): Promise<MemoryBuildCache<State>> {
    const { routes } = await crawlProject(this.config);
    return await MemoryBuildCache.load<State>(this.config, routes, await this.#bundle());
  }

  async #bundle(): Promise<IslandBundle> {
    const { islands } = await crawlProject(this.config);
    return await bundleIslands(this.config, new Set(islands));
  }
}

function announce(hostname: string, port: number, basePath: string): void {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  // deno-lint-ignore no-console
  console.log(`\nFresh ready\n    Local:   http://${host}:${port}${basePath}/\n`);
}

/** Not reached under `--watch`, which restarts the process before. */
function reportLoaded(paths: Set<string>): void {
  const code = [...paths].filter((path) => /\.[tj]sx?$/.test(path));
  if (code.length === 0) return;
  // deno-lint-ignore no-console
  console.log(`Changed: ${code.join(", ")}. The server keeps what it has loaded: use --watch`);
}

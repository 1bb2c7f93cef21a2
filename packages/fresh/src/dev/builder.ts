import { relative } from "node:path";
import { App, setBuildCache } from "../app.ts";
import { type BuildCache, emptyBuildCache } from "../build/build_cache.ts";
import { setBuildId } from "../build_id.ts";
import { listen, type ListenOptions } from "../listen.ts";
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

/** Builds a project for production, for tests, or behind a development server. */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  readonly config: ResolvedBuildConfig;

  constructor(options: BuildOptions = {}) {
    this.config = resolveBuildConfig(options);
  }

  /**
   * Builds, and returns a function that gives the build to an app. A build on disk is not loaded
   * here: that is `_fresh/server.js`'s part.
   */
  async build(
    options: {
      mode?: ResolvedBuildConfig["mode"];
      snapshot?: "disk" | "memory";
    } = {},
  ): Promise<(app: App<State>) => void> {
    this.config.mode = options.mode ?? "production";
    if (options.snapshot === "memory") {
      const cache = await this.#loadInMemory();
      return (app) => this.#apply(app, cache, app.config.mode);
    }
    const { routes } = await crawlProject(this.config);
    await writeBuild(this.config, routes, await this.#bundle());
    return (app) => this.#apply(app, emptyBuildCache(this.config.root), app.config.mode);
  }

  /**
   * Serves the app in development: open pages reload when browser code or static files change.
   * Code that the server has loaded changes with the process, as under `deno run --watch`.
   */
  async listen(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    this.config.mode = "development";
    const imported = await importApp();
    const app = imported instanceof App ? imported : imported.app;
    const cache = await this.#loadInMemory();
    this.#apply(app, cache, "development");

    const reload = new LiveReload();
    listen(reload.around(app.handler()), options, app.config.basePath);
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

/** Not reached under `--watch`, which has restarted the process by then. */
function reportLoaded(paths: Set<string>): void {
  const code = [...paths].filter((path) => /\.[tj]sx?$/.test(path));
  if (code.length === 0) return;
  // deno-lint-ignore no-console
  console.log(`Changed: ${code.join(", ")}. The server keeps what it has loaded: use --watch`);
}

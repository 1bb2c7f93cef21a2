import { join, relative } from "node:path";
import type { IslandRegistry, StaticFile } from "../build/build_assets.ts";
import type { BuildCache } from "../build/build_cache.ts";
import { contentTypeOf } from "../build/content_type.ts";
import { type FileRoutes, type RouteModule, toFileRoutes } from "../build/file_routes.ts";
import { fileOnDisk } from "../build/file_on_disk.ts";
import { addIslands } from "../build/islands.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import type { CrawledRoute } from "./crawl.ts";
import { fileUrl } from "./file_url.ts";
import type { IslandBundle } from "./island_bundle.ts";
import { isServed } from "./served_path.ts";

/** A build in memory; static files are read from the static folder. */
export class MemoryBuildCache<State> implements BuildCache<State> {
  readonly root: string;
  readonly islands: IslandRegistry = new Map();
  #staticDir: string;
  #bundle: IslandBundle;
  #routes: FileRoutes<State> = { app: null, routes: new Map() };

  private constructor(config: ResolvedBuildConfig, bundle: IslandBundle) {
    this.root = config.root;
    this.#staticDir = config.staticDir;
    this.#bundle = bundle;
  }

  static async load<State>(
    config: ResolvedBuildConfig,
    routes: CrawledRoute[],
    bundle: IslandBundle,
  ): Promise<MemoryBuildCache<State>> {
    const cache = new MemoryBuildCache<State>(config, bundle);
    cache.#routes = toFileRoutes(
      await Promise.all(routes.map(async ({ id, filePath, isLazy }) => {
        const load = () => importFile<RouteModule<State>>(filePath);
        return { id, mod: isLazy ? load : await load() };
      })),
    );
    addIslands(
      cache.islands,
      await Promise.all(
        bundle.islands.map(async ({ name, source }) => ({
          name,
          exports: await importFile<Record<string, unknown>>(source),
        })),
      ),
    );
    return cache;
  }

  get clientEntry(): string {
    return this.#bundle.clientEntry;
  }

  get reloadEntry(): string | null {
    return this.#bundle.reloadEntry;
  }

  /** Replaces the browser code, and returns whether it differs; loaded server code stays. */
  replaceBundle(bundle: IslandBundle): boolean {
    const isSame = bundle.files.size === this.#bundle.files.size &&
      Array.from(bundle.files).every(([path, { hash }]) =>
        hash === this.#bundle.files.get(path)?.hash
      );
    this.#bundle = bundle;
    return !isSame;
  }

  routes(): FileRoutes<State> {
    return this.#routes;
  }

  async readFile(pathname: string): Promise<StaticFile | null> {
    const contentType = contentTypeOf(pathname);
    const bundled = this.#bundle.files.get(pathname);
    if (bundled !== undefined) {
      const { hash, contents } = bundled;
      const open = () => Promise.resolve(contents);
      return { hash, contentType, size: contents.byteLength, open };
    }
    const path = join(this.#staticDir, pathname);
    return isServed(relative(this.#staticDir, path))
      ? await fileOnDisk(path, { hash: null, contentType })
      : null;
  }
}

async function importFile<T>(path: string): Promise<T> {
  return await import(fileUrl(path).href);
}

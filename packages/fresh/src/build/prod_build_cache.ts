import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setBuildId } from "../build_id.ts";
import type { IslandRegistry, StaticFile } from "./build_assets.ts";
import type { BuildCache } from "./build_cache.ts";
import { type FileRoutes, type RouteFile, toFileRoutes } from "./file_routes.ts";
import { fileOnDisk } from "./file_on_disk.ts";

/** One file of a build, as `_fresh/snapshot.js` lists it. */
export interface FileSnapshot {
  /** Relative to the project. */
  filePath: string;
  hash: string;
  contentType: string;
}

export interface BuildSnapshot<State> {
  version: string;
  clientEntry: string;
  islands: IslandRegistry;
  staticFiles: Map<string, FileSnapshot>;
  fsRoutes: RouteFile<State>[];
}

/** A build on disk: only files that the snapshot lists can be read. */
export class ProdBuildCache<State> implements BuildCache<State> {
  readonly islands: IslandRegistry;
  readonly clientEntry: string;
  readonly reloadEntry = null;
  readonly root: string;
  #files: Map<string, FileSnapshot>;
  #routes: RouteFile<State>[];

  constructor(root: URL, snapshot: BuildSnapshot<State>) {
    this.root = fileURLToPath(root);
    setBuildId(snapshot.version);
    this.islands = snapshot.islands;
    this.clientEntry = snapshot.clientEntry;
    this.#files = snapshot.staticFiles;
    this.#routes = snapshot.fsRoutes;
  }

  routes(): FileRoutes<State> {
    return toFileRoutes(this.#routes);
  }

  async readFile(pathname: string): Promise<StaticFile | null> {
    const file = this.#files.get(pathname);
    if (file === undefined) return null;
    const { hash, contentType, filePath } = file;
    return await fileOnDisk(join(this.root, filePath), { hash, contentType });
  }
}

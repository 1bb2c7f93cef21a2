import { relative } from "node:path";
import { isAppFile } from "../build/file_routes.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import { walkFiles } from "./walk.ts";

export interface CrawledRoute {
  /** Path under the route folder without extension, with `/` on every platform. */
  id: string;
  filePath: string;
  /** Loaded at its first request rather than at the start. */
  isLazy: boolean;
}

export interface Crawl {
  islands: string[];
  routes: CrawledRoute[];
}

const CODE = /\.[tj]sx?$/;
const TEST_FILES = /[._]test\.(?:[tj]sx?|[mc][tj]s)$/;

/** Finds islands and routes. */
export async function crawlProject(config: ResolvedBuildConfig): Promise<Crawl> {
  const islands = await codeFiles(config.islandDir);
  const routes: CrawledRoute[] = [];
  for (const filePath of await codeFiles(config.routeDir)) {
    const path = relative(config.routeDir, filePath).replaceAll("\\", "/");
    const id = path.replace(CODE, "");
    routes.push({ id, filePath, isLazy: !isAppFile(id) });
  }
  routes.sort((a, b) => a.id < b.id ? -1 : 1);
  return { islands, routes };
}

async function codeFiles(dir: string): Promise<string[]> {
  const files = await Array.fromAsync(walkFiles(dir));
  return files.filter((file) => CODE.test(file) && !TEST_FILES.test(file));
}

import { relative } from "node:path";
import { compareRouteFiles } from "../routing/file_order.ts";
import { isSpecialFile } from "../routing/file_path.ts";
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
const PRIVATE_FOLDER = /(?:^|\/)\((_[^/]+)\)\//;

/** Finds islands and routes; `(_islands)` beside a page holds islands, other `(_x)` nothing. */
export async function crawlProject(config: ResolvedBuildConfig): Promise<Crawl> {
  const islands = await codeFiles(config.islandDir, config.ignore);
  const routes: CrawledRoute[] = [];
  for (const filePath of await codeFiles(config.routeDir, config.ignore)) {
    const path = relative(config.routeDir, filePath).replaceAll("\\", "/");
    const folder = PRIVATE_FOLDER.exec(path)?.[1];
    if (folder === "_islands") islands.push(filePath);
    else if (folder === undefined) routes.push(await toRoute(path, filePath));
  }
  routes.sort((a, b) => compareRouteFiles(a.id, b.id));
  return { islands, routes };
}

async function codeFiles(dir: string, ignore: RegExp[]): Promise<string[]> {
  const files = await Array.fromAsync(walkFiles(dir));
  return files.filter((file) => CODE.test(file) && !ignore.some((regex) => regex.test(file)));
}

async function toRoute(path: string, filePath: string): Promise<CrawledRoute> {
  const id = path.replace(CODE, "");
  // Whether a route overrides its pattern has to be known before the first request.
  const isLazy = !isSpecialFile(id) &&
    !(await Deno.readTextFile(filePath)).includes("routeOverride");
  return { id, filePath, isLazy };
}

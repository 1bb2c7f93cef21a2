import { join, posix } from "node:path";
import type { FileSnapshot } from "../build/prod_build_cache.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import type { CrawledRoute } from "./crawl.ts";
import { fileUrl } from "./file_url.ts";
import type { IslandBundle } from "./island_bundle.ts";

const NOTICE = "// Written by Fresh's builder: changes here are lost at the next build.\n";

/** The module that `deno serve` starts. */
export function serverSource({ outDir, root }: ResolvedBuildConfig): string {
  return `${NOTICE}
import { ProdBuildCache, setBuildCache } from "fresh/internal";
import * as snapshot from "./snapshot.js";
import { app } from ${specifier(outDir, join(root, "main.ts"))};

const root = new URL(${specifier(outDir, root)}, import.meta.url);
setBuildCache(app, new ProdBuildCache(root, snapshot), "production");

export default { fetch: app.handler() };
`;
}

/** Build data for the server: modules, islands and files. */
export function snapshotSource(
  { outDir, buildId }: ResolvedBuildConfig,
  { routes, bundle, files }: {
    routes: CrawledRoute[];
    bundle: IslandBundle;
    files: [string, FileSnapshot][];
  },
): string {
  const imports: string[] = [];
  const islands = bundle.islands.map(({ name, source }, i) => {
    imports.push(`import * as island${i} from ${specifier(outDir, source)};`);
    return `{ name: ${json(name)}, exports: island${i} }`;
  });
  const fsRoutes = routes.map(({ id, filePath, isLazy }, i) => {
    const from = specifier(outDir, filePath);
    if (!isLazy) imports.push(`import * as route${i} from ${from};`);
    return `{ id: ${json(id)}, mod: ${isLazy ? `() => import(${from})` : `route${i}`} }`;
  });
  return `${NOTICE}
import { addIslands } from "fresh/internal";
${imports.join("\n")}

export const version = ${json(buildId)};
export const clientEntry = ${json(bundle.clientEntry)};

export const islands = new Map();
addIslands(islands, ${list(islands)});

export const staticFiles = new Map(${list(files.map(json))});

export const fsRoutes = ${list(fsRoutes)};
`;
}

/** A relative import of a file, as Deno resolves imports in the app. */
function specifier(fromDir: string, file: string): string {
  const path = posix.relative(fileUrl(fromDir).pathname, fileUrl(file).pathname);
  return json(path.startsWith(".") ? path : `./${path}`);
}

function list(items: string[]): string {
  return items.length === 0 ? "[]" : `[\n  ${items.join(",\n  ")},\n]`;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

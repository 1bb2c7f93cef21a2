import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { UniqueNames } from "../build/unique_names.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import { bundle, type BundledFile } from "./bundle.ts";

export interface IslandFile {
  /** The name of its export in the bundle. */
  name: string;
  /** The module on disk. */
  source: string;
}

export interface IslandBundle {
  /** URL path of the runtime and all islands. */
  clientEntry: string;
  reloadEntry: string | null;
  islands: IslandFile[];
  /** Bundled files by URL path. */
  files: Map<string, BundledFile>;
}

/**
 * Bundles the browser runtime and all islands as one module: most of their code is shared, and a
 * file for every set of islands that shares code costs more than it saves. Rarely needed code
 * belongs into modules that islands load with `import()`.
 */
export async function bundleIslands(
  config: ResolvedBuildConfig,
  sources: Iterable<string>,
): Promise<IslandBundle> {
  const isDev = config.mode === "development";
  const prefix = `/_fresh/js/${config.buildId}/`;
  const names = new UniqueNames();
  const islands = Array.from(sources, (source) => {
    return { name: names.take(basename(source, extname(source))), source };
  });
  const exports = [
    `export { boot } from ${JSON.stringify(client(isDev ? "dev.ts" : "boot.ts"))};`,
    ...islands.map(({ name, source }) => `export * as ${name} from ${JSON.stringify(source)};`),
  ];
  const files = await bundle(config, {
    "fresh-islands": { code: exports.join("\n") },
    ...(isDev ? { "fresh-reload": client("reload.ts") } : {}),
  });
  return {
    clientEntry: `${prefix}fresh-islands.js`,
    reloadEntry: isDev ? `${prefix}fresh-reload.js` : null,
    islands,
    files: new Map(files.map((file) => [prefix + file.path, file])),
  };
}

function client(name: string): string {
  return fileURLToPath(new URL(`../client/${name}`, import.meta.url));
}

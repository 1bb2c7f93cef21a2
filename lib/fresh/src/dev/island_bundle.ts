import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { UniqueNames } from "../build/unique_names.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import { bundle, type BundledFile } from "./bundle.ts";

export interface IslandFile {
  name: string;
  /** The module on disk. */
  source: string;
  /** URL path of its bundle. */
  file: string;
}

export interface IslandBundle {
  clientEntry: string;
  reloadEntry: string | null;
  islands: IslandFile[];
  /** Bundled files by URL path. */
  files: Map<string, BundledFile>;
}

/** Bundles the browser runtime and every island module, sharing what they have in common. */
export async function bundleIslands(
  config: ResolvedBuildConfig,
  sources: Iterable<string>,
): Promise<IslandBundle> {
  const isDev = config.mode === "development";
  const prefix = `/_fresh/js/${config.buildId}/`;
  const names = new UniqueNames();
  const islands = Array.from(sources, (source) => {
    const name = names.take(basename(source, extname(source)));
    return { name, source, file: `${prefix}${name}.js` };
  });
  const entries: Record<string, string> = {
    "fresh-runtime": client(isDev ? "dev.ts" : "mod.ts"),
    ...(isDev ? { "fresh-reload": client("reload.ts") } : {}),
  };
  for (const { name, source } of islands) entries[name] = source;
  const files = await bundle(config, entries);
  return {
    clientEntry: `${prefix}fresh-runtime.js`,
    reloadEntry: isDev ? `${prefix}fresh-reload.js` : null,
    islands,
    files: new Map(files.map((file) => [prefix + file.path, file])),
  };
}

function client(name: string): string {
  return fileURLToPath(new URL(`../client/${name}`, import.meta.url));
}

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type * as esbuild from "esbuild";
import type { ResolvedBuildConfig } from "./build_options.ts";
import { buildOnce } from "./esbuild_process.ts";
import { findDenoConfig } from "./import_map.ts";
import { resolvePlugin } from "./resolve_plugin.ts";

export interface BundledFile {
  path: string;
  contents: Uint8Array<ArrayBuffer>;
  hash: string;
}

let turn: Promise<unknown> = Promise.resolve();

/** Bundles browser code, one bundle after another. */
export function bundle(
  config: ResolvedBuildConfig,
  entryPoints: Record<string, string>,
): Promise<BundledFile[]> {
  const result = turn.then(() => runEsbuild(config, entryPoints));
  turn = result.catch(() => {});
  return result;
}

async function runEsbuild(
  config: ResolvedBuildConfig,
  entryPoints: Record<string, string>,
): Promise<BundledFile[]> {
  const outputFiles = await buildOnce(await esbuildOptions(config, entryPoints));
  return outputFiles.map(({ path, contents, hash }) => ({
    path: relative(config.root, path).replaceAll("\\", "/"),
    contents: contents as Uint8Array<ArrayBuffer>,
    hash,
  }));
}

async function esbuildOptions(
  config: ResolvedBuildConfig,
  entryPoints: Record<string, string>,
): Promise<esbuild.BuildOptions & { write: false }> {
  const isDev = config.mode === "development";
  const { jsxImportSource } = await findDenoConfig(config.root);
  return {
    entryPoints,
    absWorkingDir: config.root,
    outdir: config.root,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: config.target,
    chunkNames: "chunk-[hash]",
    minify: !isDev,
    jsx: "automatic",
    jsxDev: isDev,
    jsxImportSource,
    ...sourceMapOptions(config),
    write: false,
    define: { "process.env.NODE_ENV": JSON.stringify(config.mode) },
    plugins: [buildIdPlugin(config.buildId), resolvePlugin(config.root)],
  };
}

function sourceMapOptions({ mode, sourceMap }: ResolvedBuildConfig): esbuild.BuildOptions {
  if (mode === "development") return { sourcemap: "linked" };
  const { kind = false, sourceRoot, sourcesContent = true } = sourceMap ?? {};
  return { sourcemap: kind, sourcesContent, ...(sourceRoot === undefined ? {} : { sourceRoot }) };
}

/** Browser code cannot read the environment: it gets the build's id as a constant. */
function buildIdPlugin(buildId: string): esbuild.Plugin {
  const file = fileURLToPath(new URL("../build_id.ts", import.meta.url));
  return {
    name: "fresh-build-id",
    setup(build) {
      const contents = `export const BUILD_ID = ${JSON.stringify(buildId)};`;
      build.onLoad({ filter: /build_id\.ts$/ }, ({ path }) => path === file ? { contents } : null);
    },
  };
}

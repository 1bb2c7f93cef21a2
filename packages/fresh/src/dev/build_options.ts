import { isAbsolute, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions as EsbuildOptions } from "esbuild";
import { BUILD_ID } from "../build_id.ts";

export interface SourceMapOptions {
  kind: EsbuildOptions["sourcemap"];
  sourceRoot?: EsbuildOptions["sourceRoot"];
  sourcesContent?: EsbuildOptions["sourcesContent"];
}

/** Paths are absolute, file URLs, or relative to `root`. */
export interface BuildOptions {
  /** Browsers to write code for, in esbuild's terms. */
  target?: string | string[];
  /** The project, by default the current directory. */
  root?: string;
  outDir?: string;
  staticDir?: string;
  islandDir?: string;
  routeDir?: string;
  /** The module that exports `app`. */
  serverEntry?: string;
  /** Files that are neither routes nor islands; tests by default. */
  ignore?: RegExp[];
  /** Source maps of production builds. */
  sourceMap?: SourceMapOptions;
}

export type ResolvedBuildConfig = Required<Omit<BuildOptions, "sourceMap">> & {
  mode: "development" | "production";
  buildId: string;
  sourceMap?: SourceMapOptions;
};

const TEST_FILES = /[._]test\.(?:[tj]sx?|[mc][tj]s)$/;

export function resolveBuildConfig(options: BuildOptions): ResolvedBuildConfig {
  const root = toPath(options.root ?? ".", Deno.cwd());
  return {
    target: options.target ?? ["chrome99", "firefox99", "safari15"],
    root,
    outDir: toPath(options.outDir ?? "_fresh", root),
    staticDir: toPath(options.staticDir ?? "static", root),
    islandDir: toPath(options.islandDir ?? "islands", root),
    routeDir: toPath(options.routeDir ?? "routes", root),
    serverEntry: toPath(options.serverEntry ?? "main.ts", root),
    ignore: options.ignore ?? [TEST_FILES],
    mode: "production",
    buildId: BUILD_ID,
    ...(options.sourceMap === undefined ? {} : { sourceMap: options.sourceMap }),
  };
}

function toPath(path: string, base: string): string {
  if (path.startsWith("file://")) return fileURLToPath(path);
  return isAbsolute(path) ? normalize(path) : join(base, path);
}

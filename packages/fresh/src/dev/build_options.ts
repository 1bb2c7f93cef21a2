import { isAbsolute, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { BUILD_ID } from "../build_id.ts";

/** Paths are absolute, file URLs, or relative to `root`. */
export interface BuildOptions {
  /** Browsers to write code for, in esbuild's terms. */
  target?: string;
  /** The project, by default the current directory. `main.ts` in it exports `app`. */
  root?: string;
  outDir?: string;
  staticDir?: string;
  islandDir?: string;
  routeDir?: string;
}

export interface ResolvedBuildConfig {
  target: string | string[];
  root: string;
  outDir: string;
  staticDir: string;
  islandDir: string;
  routeDir: string;
  mode: "development" | "production";
  buildId: string;
}

export function resolveBuildConfig(options: BuildOptions): ResolvedBuildConfig {
  const root = toPath(options.root ?? ".", Deno.cwd());
  return {
    target: options.target ?? ["chrome99", "firefox99", "safari15"],
    root,
    outDir: toPath(options.outDir ?? "_fresh", root),
    staticDir: toPath(options.staticDir ?? "static", root),
    islandDir: toPath(options.islandDir ?? "islands", root),
    routeDir: toPath(options.routeDir ?? "routes", root),
    mode: "production",
    buildId: BUILD_ID,
  };
}

function toPath(path: string, base: string): string {
  if (path.startsWith("file://")) return fileURLToPath(path);
  return isAbsolute(path) ? normalize(path) : join(base, path);
}

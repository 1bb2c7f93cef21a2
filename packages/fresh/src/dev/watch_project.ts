import { join, relative } from "node:path";
import type { ResolvedBuildConfig } from "./build_options.ts";

/**
 * Editors write a file in several steps, and `deno run --watch` takes 200 ms to restart this
 * process: a page that reloaded sooner would find no server.
 */
const QUIET_MS = 400;

/** Reports changed files of the project until the signal is aborted. */
export function watchProject(
  config: ResolvedBuildConfig,
  signal: AbortSignal | undefined,
  onChange: (paths: Set<string>) => Promise<void>,
): void {
  const watcher = Deno.watchFs(projectFolders(config));
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = () => {
    const paths = changed;
    changed = new Set();
    onChange(paths).catch(report);
  };
  signal?.addEventListener("abort", () => {
    clearTimeout(timer);
    watcher.close();
  });
  (async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access") continue;
      for (const path of paths) changed.add(relative(config.root, path));
      clearTimeout(timer);
      timer = setTimeout(answer, QUIET_MS);
    }
  })();
}

/** Folders of the project, except hidden ones, packages and the build. */
function projectFolders({ root, outDir }: ResolvedBuildConfig): string[] {
  return Array.from(Deno.readDirSync(root))
    .filter(({ name, isDirectory }) =>
      isDirectory && !name.startsWith(".") && name !== "node_modules"
    )
    .map(({ name }) => join(root, name))
    .filter((path) => path !== outDir);
}

function report(error: unknown): void {
  // deno-lint-ignore no-console
  console.error("Cannot rebuild:", error instanceof Error ? error.message : error);
}

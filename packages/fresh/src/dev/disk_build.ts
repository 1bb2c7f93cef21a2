import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { contentTypeOf } from "../build/content_type.ts";
import type { FileSnapshot } from "../build/prod_build_cache.ts";
import type { ResolvedBuildConfig } from "./build_options.ts";
import type { CrawledRoute } from "./crawl.ts";
import type { IslandBundle } from "./island_bundle.ts";
import { isServed } from "./served_path.ts";
import { serverSource, snapshotSource } from "./server_source.ts";
import { walkFiles } from "./walk.ts";

/** Writes a build that `deno serve` can start: browser code, snapshot and server. */
export async function writeBuild(
  config: ResolvedBuildConfig,
  routes: CrawledRoute[],
  bundle: IslandBundle,
): Promise<void> {
  const { outDir } = config;
  await Deno.remove(join(outDir, "static"), { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(outDir, { recursive: true });
  const files = [
    ...await staticFiles(config),
    ...await writeBundle(config, bundle),
  ];
  await Deno.writeTextFile(
    join(outDir, "snapshot.js"),
    snapshotSource(config, { routes, bundle, files }),
  );
  await Deno.writeTextFile(join(outDir, "server.js"), serverSource(config));
}

async function staticFiles(config: ResolvedBuildConfig): Promise<[string, FileSnapshot][]> {
  const { staticDir, outDir, root } = config;
  const files: [string, FileSnapshot][] = [];
  for await (const path of walkFiles(staticDir)) {
    const name = relative(staticDir, path);
    if (!isServed(name) || isServed(relative(outDir, path))) continue;
    const hash = createHash("sha256").update(await Deno.readFile(path)).digest("hex");
    files.push([toUrlPath(name), fileSnapshot(relative(root, path), hash)]);
  }
  return files;
}

async function writeBundle(
  { outDir, root }: ResolvedBuildConfig,
  bundle: IslandBundle,
): Promise<[string, FileSnapshot][]> {
  return await Promise.all(
    Array.from(bundle.files, async ([urlPath, { contents, hash }]) => {
      const path = join(outDir, "static", urlPath);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeFile(path, contents);
      return [urlPath, fileSnapshot(relative(root, path), hash)] as [string, FileSnapshot];
    }),
  );
}

function fileSnapshot(path: string, hash: string): FileSnapshot {
  const filePath = path.replaceAll("\\", "/");
  return { filePath, hash, contentType: contentTypeOf(filePath) };
}

function toUrlPath(name: string): string {
  return `/${name.replaceAll("\\", "/")}`;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

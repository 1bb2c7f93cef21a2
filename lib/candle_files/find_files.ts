import { glob } from "node:fs/promises";
import { join } from "node:path";
import { CANDLE_FILE } from "./file_names.ts";

/** Files of the operating system, and checksums, which are read with their files. */
const SILENT = /^\.|^Thumbs\.db$|^desktop\.ini$|\.(CHECKSUM|sha256)$/i;

/** Expands paths, folders and patterns to files. A path that is neither is returned unchanged. */
export async function findFiles(
  given: readonly string[],
): Promise<{ paths: string[]; skipped: number }> {
  const paths: string[] = [];
  let skipped = 0;
  for (const path of given) {
    const found = await findOne(path);
    paths.push(...found.paths);
    skipped += found.skipped;
  }
  return { paths: [...new Set(paths)], skipped };
}

/** True for the address of a PostgreSQL database. */
export function isDatabase(path: string): boolean {
  return /^postgres(ql)?:\/\//.test(path);
}

async function findOne(path: string): Promise<{ paths: string[]; skipped: number }> {
  if (isDatabase(path)) return { paths: [path], skipped: 0 };
  const info = await Deno.stat(path).catch(() => undefined);
  if (info?.isDirectory) return await listFolder(path);
  if (info !== undefined || !isPattern(path)) return { paths: [path], skipped: 0 };
  const matches = (await Array.fromAsync(glob(path))).sort();
  return matches.length === 0 ? { paths: [path], skipped: 0 } : await findFiles(matches);
}

/** An address that is no path, such as `https://…`; without its rest, which may have a password. */
export function findScheme(path: string): string | undefined {
  return /^([a-z][a-z\d+.-]+):\/\//i.exec(path)?.[1];
}

/** True for a path with wildcards. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

async function listFolder(folder: string): Promise<{ paths: string[]; skipped: number }> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => undefined);
  // Opening it reports the reason.
  if (entries === undefined) return { paths: [folder], skipped: 0 };
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  const paths: string[] = [];
  let skipped = 0;
  for (const { name, isDirectory } of entries) {
    if (SILENT.test(name) || name === "__MACOSX") continue;
    const path = join(folder, name);
    if (isDirectory) {
      const inner = await listFolder(path);
      paths.push(...inner.paths);
      skipped += inner.skipped;
    } else if (CANDLE_FILE.test(name)) paths.push(path);
    else skipped++;
  }
  return { paths, skipped };
}

import type { StaticFile } from "./build_assets.ts";

/** Files up to this size are read at once; larger ones are streamed. */
const WGAP_FILE_BYTES = 64 * 1024;

/** A file to serve, or `null` if there is none. */
export async function fileOnDisk(
  path: string,
  known: { hash: string | null; contentType: string },
): Promise<StaticFile | null> {
  const stat = await Deno.stat(path).catch(ignoreMissing);
  if (!stat?.isFile) return null;
  const { size } = stat;
  return { ...known, size, open: () => openBody(path, size) };
}

async function openBody(path: string, size: number): Promise<BodyInit> {
  if (size <= WGAP_FILE_BYTES) return await Deno.readFile(path);
  return (await Deno.open(path, { read: true })).readable;
}

function ignoreMissing(error: unknown): null {
  const isMissing = error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop;
  if (isMissing) return null;
  throw error;
}

import { join } from "node:path";
import { AppError } from "../core/errors.ts";
import { fileProblem } from "../core/file_problem.ts";
import { hashed, listParquet, readText } from "./lake_folder.ts";
import { type LakeFile, MANIFEST_NAME, parseManifest } from "./lake_manifest.ts";

export interface LakeCheck {
  readonly files: number;
  readonly rows: number;
  /** A line for each file that differs from the manifest. */
  readonly problems: readonly string[];
}

/**
 * Compares the files of a lake with its manifest. Needs no database.
 *
 * @throws `not_found` for a folder without a manifest
 */
export async function verifyLake(root: string, signal: AbortSignal): Promise<LakeCheck> {
  const path = join(root, MANIFEST_NAME);
  const text = await readText(root, MANIFEST_NAME);
  if (text === undefined) {
    throw new AppError("not_found", `Cannot verify ${root}: it has no ${MANIFEST_NAME}`);
  }
  const { series } = parseManifest(text, path);
  const files = series.flatMap((one) => one.files);
  const problems: string[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const problem = await findProblem(root, file, signal);
    if (problem !== undefined) problems.push(`${file.path}: ${problem}`);
  }
  const known = new Set(files.map((file) => file.path));
  for await (const found of listParquet(root)) {
    if (!known.has(found)) problems.push(`${found}: not in the manifest`);
  }
  return { files: files.length, rows: files.reduce((sum, { rows }) => sum + rows, 0), problems };
}

async function findProblem(
  root: string,
  { path, bytes, sha256 }: LakeFile,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { readable } = await Deno.open(join(root, path));
    const { bytes: content, result } = hashed(readable);
    await content.pipeTo(new WritableStream(), { signal });
    const found = result();
    if (found.bytes !== bytes) return `has ${found.bytes} bytes, not ${bytes}`;
    return found.sha256 === sha256 ? undefined : "its SHA-256 differs";
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Deno.errors.NotFound) return "missing";
    return `cannot be read: ${fileProblem(error)}`;
  }
}

import { join } from "node:path";
import { AppError } from "../../core/errors.ts";
import { fileProblem } from "../../core/file_problem.ts";

/**
 * Creates the data folder if it is missing.
 *
 * @throws `store_unavailable` when it cannot be created or written
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw unusable(`Cannot create the folder ${path}`, cause);
  }
  try {
    await writeEmptyFile(path);
  } catch (cause) {
    // Continues on a full disk, where stored data can still be read.
    if (isRefused(cause)) throw unusable(`Cannot write to the folder ${path}`, cause);
  }
}

/** Not `access` of node:fs: that needs Deno's permission to read the user id. */
async function writeEmptyFile(folder: string): Promise<void> {
  const path = join(folder, `.writable-${crypto.randomUUID()}`);
  await Deno.writeFile(path, new Uint8Array(), { createNew: true, mode: 0o600 });
  await Deno.remove(path);
}

function isRefused(cause: unknown): boolean {
  const code = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return cause instanceof Deno.errors.NotCapable ||
    ["EACCES", "EPERM", "EROFS"].includes(String(code));
}

function unusable(what: string, cause: unknown): AppError {
  const message = `${what}: ${fileProblem(cause)}; set DATA_DIR to a folder that can be written`;
  return new AppError("store_unavailable", message); // its text is in the message
}

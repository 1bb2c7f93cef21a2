import { access, constants } from "node:fs/promises";
import { AppError, describeError } from "../../core/errors.ts";

/**
 * Makes the folder of wick's own files where it is missing.
 *
 * @throws `store_unavailable` where it cannot be made or written
 */
export async function makeDataFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (cause) {
    throw unusable(`Cannot make the folder ${path}`, cause);
  }
  try {
    // Writing a file would fail on a full disk too, with which stored data can still be read.
    await access(path, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unusable(`Cannot write to the folder ${path}`, cause);
  }
}

function unusable(what: string, cause: unknown): AppError {
  const message = `${what}: ${describeCause(cause)}; set DATA_DIR to a folder that can be written`;
  return new AppError("store_unavailable", message, { cause });
}

function describeCause(cause: unknown): string {
  const code = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  if (code === "EEXIST") return "a file has this name";
  if (code === "ENOTDIR") return "a part of the path is a file";
  if (code === "EACCES" || code === "EPERM") return "this account has no permission";
  if (code === "EROFS") return "the file system is read-only";
  return describeError(cause);
}

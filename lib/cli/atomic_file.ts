import { AppError } from "../core/errors.ts";

/** Writes a temporary file first, so that the target is complete or unchanged. */
export async function writeFile(
  path: string,
  bytes: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const half = `${path}.part`;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(half, { write: true, create: true, truncate: true });
  } catch (cause) {
    await bytes.cancel();
    throw cannotWrite(path, cause);
  }
  try {
    await bytes.pipeTo(file.writable, { signal });
    await Deno.rename(half, path);
  } catch (cause) {
    await Deno.remove(half).catch(() => {});
    throw cause instanceof AppError ? cause : cannotWrite(path, cause);
  }
}

function cannotWrite(path: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AppError("store_unavailable", `Cannot write ${path}: ${reason}`);
}

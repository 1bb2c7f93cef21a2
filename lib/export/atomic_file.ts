import { dirname } from "node:path";
import { AppError } from "../core/errors.ts";
import { FileProblem, fileProblem } from "../core/file_problem.ts";

export interface WriteOptions {
  readonly signal: AbortSignal;
  /** The temporary file, on the same disk; beside the target unless given. */
  readonly half?: string;
}

/**
 * Writes a temporary file and its content to the disk before it gets its name, so that the target
 * is complete or unchanged, even after a power failure.
 */
export async function writeFile(
  path: string,
  bytes: ReadableStream<Uint8Array>,
  { signal, half = `${path}.part` }: WriteOptions,
): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(half, { write: true, create: true, truncate: true });
  } catch (cause) {
    await bytes.cancel();
    throw cannotWrite(path, cause);
  }
  try {
    await writeAll(file, bytes, signal);
    await Deno.rename(half, path);
  } catch (cause) {
    await Deno.remove(half).catch(() => {});
    throw cause instanceof AppError ? cause : cannotWrite(path, cause);
  }
}

/** Writes through to the disk, which `file.writable` cannot. Closes the file. */
async function writeAll(
  file: Deno.FsFile,
  bytes: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const sink = new WritableStream<Uint8Array>({
      async write(chunk) {
        for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
      },
    });
    await bytes.pipeTo(sink, { signal });
    await file.sync();
  } finally {
    file.close();
  }
}

export function cannotWrite(path: string, cause: unknown): AppError {
  const isLost = cause instanceof Deno.errors.NotFound;
  const reason = isLost ? `there is no folder ${dirname(path)}` : fileProblem(cause);
  const advice = isFull(cause) ? "; free some space, and run the command again" : "";
  return new AppError("store_unavailable", `Cannot write ${path}: ${reason}${advice}`, {
    cause: new FileProblem(reason, cause),
  });
}

const isFull = (cause: unknown) =>
  cause instanceof Error && /^(ENOSPC|EDQUOT)$/.test((cause as { code?: string }).code ?? "");

import { AppError, describeError } from "../core/errors.ts";
import { writeFile } from "../export/atomic_file.ts";
import type { CommandIo } from "./command.ts";

/** True for `-`, which stands for standard output, as in other programs. */
export const isStdout = (path: string | undefined) => path === "-";

/**
 * Messages of a command that writes `path`: to standard error when standard output gets the file.
 *
 * @throws `invalid_input` when a JSON document would go to standard output, too
 */
export function besideFile(
  io: CommandIo,
  { path, flag, json }: {
    readonly path: string | undefined;
    readonly flag: string;
    readonly json: boolean;
  },
): CommandIo {
  if (!isStdout(path)) return io;
  if (!json) return { ...io, out: io.err };
  throw new AppError(
    "invalid_input",
    `${flag} - cannot be used with --json: both go to standard output`,
  );
}

/** Writes a file that is complete or unchanged, or to standard output. */
export async function writeOutput(
  path: string,
  bytes: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  if (!isStdout(path)) return await writeFile(path, bytes, { signal });
  try {
    await bytes.pipeTo(Deno.stdout.writable, { preventClose: true, signal });
  } catch (error) {
    // A reader that has closed the pipe ends the command quietly.
    if (error instanceof AppError || error instanceof Deno.errors.BrokenPipe) throw error;
    throw new AppError(
      "store_unavailable",
      `Cannot write to standard output: ${describeError(error)}`,
    );
  }
}

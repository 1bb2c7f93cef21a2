import { describeError } from "../core/errors.ts";
import { AppError } from "../core/errors.ts";
import type { Wick } from "../composition.ts";
import { collectCommand } from "./collect_command.ts";

/** What a command prints to and what stops it. */
export interface CommandIo {
  /** For results. */
  readonly out: (line: string) => void;
  /** For everything else. */
  readonly err: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A command of `deno task`; resolves with the exit code. */
export type Command = (wick: Wick, args: string[], io: CommandIo) => Promise<number>;

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

const COMMANDS: Record<string, Command> = { collect: collectCommand };

const HELP = `Usage: deno task <command> [options]

  collect   collect candles once, to the store and, if asked, to a CSV file

Each command explains itself with --help.`;

/** Runs one command to its exit code: 0 done, 1 could not, 2 bad usage. */
export async function runCommand(wick: Wick, args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  const io: CommandIo = { out: writer(Deno.stdout), err: writer(Deno.stderr), signal: stop.signal };
  if (name === "--help" || name === "-h") {
    io.out(HELP);
    return EXIT.done;
  }
  const command = COMMANDS[name];
  if (command === undefined) {
    io.err(`Unknown command ${name}: there are ${Object.keys(COMMANDS).join(", ")}`);
    return EXIT.usage;
  }
  try {
    return await command(wick, rest, io);
  } catch (error) {
    return reportFailure(error, io);
  } finally {
    await wick.close();
  }
}

function reportFailure(error: unknown, { err, signal }: CommandIo): number {
  if (signal.aborted) {
    err("Stopped; every stored page is whole, and the next run goes on from there");
    return EXIT.failed;
  }
  if (error instanceof AppError) {
    err(describeError(error));
    return error.code === "invalid_input" ? EXIT.usage : EXIT.failed;
  }
  err(error instanceof Error ? error.stack ?? error.message : String(error));
  return EXIT.failed;
}

function writer(stream: { writeSync(bytes: Uint8Array): number }): (line: string) => void {
  const encoder = new TextEncoder();
  return (line) => {
    let bytes = encoder.encode(`${line}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  };
}

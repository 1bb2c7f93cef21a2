import type { Wick } from "../composition/compose_wick.ts";

/** Output streams of a command, and the signal that stops it. */
export interface CommandIo {
  /** For results. Throws `BrokenPipe` when the reader has closed the pipe. */
  readonly out: (line: string) => void;
  /** For messages. */
  readonly err: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A command of `deno task`. */
export interface Command {
  /** Line in the list of commands. */
  readonly does: string;
  /** Text of `--help`. */
  readonly help: string;
  /** Resolves with the exit code. */
  run(wick: Wick, args: string[], io: CommandIo): Promise<number>;
}

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

import type { Wick } from "../composition/compose_wick.ts";

/** What a command prints to and what stops it. */
export interface CommandIo {
  /** For results. Throws `BrokenPipe` when nobody reads any more. */
  readonly out: (line: string) => void;
  /** For everything else. */
  readonly err: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A command of `deno task`. */
export interface Command {
  /** One line for the list of commands. */
  readonly does: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Resolves with the exit code. */
  run(wick: Wick, args: string[], io: CommandIo): Promise<number>;
}

export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

import { describeError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";

/** Ends the process, after closing everything or immediately. */
export interface Stop {
  /** Aborts when the process was asked to end, or has to after an uncaught error. */
  readonly signal: AbortSignal;
  /** Sets the function that closes everything; the process exits when `close` resolves. */
  closeWith(close: () => Promise<void>): void;
  /** Sets what is done when there is no time to wait; it must be synchronous. */
  abandonWith(abandon: () => void): void;
  /** Lets closing take as long as it needs; only a second signal ends it early. */
  waitForClose(): void;
  /** Uses `log` from now on; before that, lines go to `print`. */
  logTo(log: Logger): void;
}

export interface StopOptions {
  /** Prints a line before there is a log. */
  readonly print: (line: string) => void;
  /** Longest time from the first signal to the exit. */
  readonly graceMs?: number;
}

/** Service managers and Deno Deploy kill a process 5 s or more after they have asked it to end. */
const GRACE_MS = 4_300;

/** A terminal's Ctrl-C reaches a process twice if its parent passes signals on. */
const REPEAT_MS = 500;

/** Exit code of a process ended by a signal: 128 plus the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Listens for SIGINT, SIGTERM, uncaught errors and unhandled rejections from now on. The first one
 * closes everything within `graceMs`; a second signal ends the process immediately. Exit codes: 0
 * after a signal (128 plus its number while nothing is open yet), 1 after an error or when closing
 * took too long.
 */
export function listenForStop({ print, graceMs = GRACE_MS }: StopOptions): Stop {
  const stop = new ProcessStop(print, graceMs);
  for (const [signal, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    Deno.addSignalListener(signal, () => stop.receive(signal, code));
  }
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    stop.fail("Uncaught error", event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    stop.fail("Unhandled rejection", event.reason);
  });
  return stop;
}

class ProcessStop implements Stop {
  readonly #print: (line: string) => void;
  readonly #graceMs: number;
  readonly #stopping = new AbortController();
  #close: (() => Promise<void>) | undefined;
  #abandon = () => {};
  #log: Logger | undefined;
  #isPatient = false;
  #begunAt = 0;

  constructor(print: (line: string) => void, graceMs: number) {
    this.#print = print;
    this.#graceMs = graceMs;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  closeWith(close: () => Promise<void>): void {
    this.#close = close;
  }

  abandonWith(abandon: () => void): void {
    this.#abandon = abandon;
  }

  waitForClose(): void {
    this.#isPatient = true;
  }

  logTo(log: Logger): void {
    this.#log = log;
  }

  /** `early` is the exit code while nothing is open yet, and after a second signal. */
  receive(signal: keyof typeof SIGNALS, early: number): void {
    if (!this.signal.aborted) this.#begin(new Error(`received ${signal}`), 0, early);
    else if (performance.now() > this.#begunAt + REPEAT_MS) this.#end(early);
  }

  fail(what: string, error: unknown): void {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    this.#report(`${what}: ${text.replaceAll("\n", "\\n")}`);
    if (!this.signal.aborted) this.#begin(new Error(what, { cause: error }), 1, 1);
  }

  /** `early` is the exit code while nothing is open, `code` that after closing. */
  #begin(reason: Error, code: number, early: number): void {
    this.#begunAt = performance.now();
    this.#stopping.abort(reason);
    if (!this.#isPatient) this.#limitClosing();
    if (this.#close === undefined) this.#end(early);
    this.#close().then(() => Deno.exit(code), (error) => {
      this.#report(`Cannot shut down cleanly: ${describeError(error)}`);
      this.#end(1);
    });
  }

  #limitClosing(): void {
    setTimeout(() => {
      this.#report(`Cannot shut down cleanly within ${this.#graceMs} ms: exiting`);
      this.#end(1);
    }, this.#graceMs);
  }

  #end(code: number): never {
    try {
      this.#abandon();
    } catch (error) {
      this.#report(`Cannot stop PostgreSQL: ${describeError(error)}`);
    }
    Deno.exit(code);
  }

  #report(message: string): void {
    if (this.#log) this.#log.error(message);
    else this.#print(message);
  }
}

import { describeError } from "../core/errors.ts";
import type { Logger } from "../ports/host.ts";

/** How this process ends, in order or at once. */
export interface Stop {
  /** Aborts when the process has been asked to end, or has to after an uncaught error. */
  readonly signal: AbortSignal;
  /** Sets what closes everything; the process exits when `close` resolves. */
  closeWith(close: () => Promise<void>): void;
  /** Sets what is done when there is no time to wait: it must be synchronous. */
  abandonWith(abandon: () => void): void;
  /** Lets closing take as long as it needs; only a second signal cuts it short. */
  waitForClose(): void;
  /** Uses `log` from now on; until then lines go to `print`. */
  logTo(log: Logger): void;
}

export interface StopOptions {
  /** Prints a line before there is a log. */
  readonly print: (line: string) => void;
  /** From the first signal to the exit, however slowly parts close. */
  readonly graceMs?: number;
}

/** Service managers and Deno Deploy kill a process 5 s after they have asked it to end, or later. */
const GRACE_MS = 4_300;

/** A terminal's Ctrl-C reaches a process twice when its parent passes signals on. */
const REPEAT_MS = 500;

/** Exit code of a process that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Listens for SIGINT, SIGTERM, uncaught errors and unhandled rejections from now on. The first one
 * closes everything within `graceMs`; a second signal ends the process at once. Exit codes: 0 after a
 * signal (128 and its number while nothing is open yet), 1 after an error or when closing took too
 * long.
 */
export function listenForStop({ print, graceMs = GRACE_MS }: StopOptions): Stop {
  const stop = new AbortController();
  let close: (() => Promise<void>) | undefined;
  let abandon = () => {};
  let log: Logger | undefined;
  let isPatient = false;
  let begunAt = 0;

  const report = (message: string) => log ? log.error(message) : print(message);

  function end(code: number): never {
    try {
      abandon();
    } catch (error) {
      report(`Cannot stop PostgreSQL: ${describeError(error)}`);
    }
    Deno.exit(code);
  }

  /** `early` is the exit code while nothing is open, `code` that after closing. */
  function begin(reason: Error, code: number, early: number): void {
    begunAt = performance.now();
    stop.abort(reason);
    if (!isPatient) {
      setTimeout(() => {
        report(`Cannot close everything within ${graceMs} ms: ending without`);
        end(1);
      }, graceMs);
    }
    if (close === undefined) end(early); // nothing is open yet
    close().then(() => Deno.exit(code), (error) => {
      report(`Cannot close everything: ${describeError(error)}`);
      end(1);
    });
  }

  for (const [signal, code] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, number][]) {
    Deno.addSignalListener(signal, () => {
      if (!stop.signal.aborted) return begin(new Error(`received ${signal}`), 0, code);
      if (performance.now() > begunAt + REPEAT_MS) end(code);
    });
  }

  const fail = (what: string, error: unknown) => {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    report(`${what}: ${text.replaceAll("\n", "\\n")}`);
    if (!stop.signal.aborted) begin(new Error(what, { cause: error }), 1, 1);
  };
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    fail("Uncaught error", event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail("Unhandled rejection", event.reason);
  });

  return {
    signal: stop.signal,
    closeWith(own) {
      close = own;
    },
    abandonWith(own) {
      abandon = own;
    },
    waitForClose() {
      isPatient = true;
    },
    logTo(own) {
      log = own;
    },
  };
}

import { AppError } from "../../../core/errors.ts";
import type { Logger } from "../../../ports/host.ts";

/** Logs each reason why the database is unusable once, and its recovery once. */
export interface OutageLog {
  watch<T>(use: Use, work: () => Promise<T>): Promise<T>;
  /** True if the last attempt failed. */
  isFailing(use: Use): boolean;
  /** Stops logging: later failures are caused by closing. */
  end(): void;
  readonly hasEnded: boolean;
}

type Use = "reading" | "writing";

export interface OutageLogOptions {
  /** Ends together with this one. */
  readonly parent?: { readonly hasEnded: boolean };
  /** Commands print their failure themselves, and do not retry. */
  readonly isCommand: boolean;
}

export function createOutageLog(
  log: Logger,
  { parent, isCommand }: OutageLogOptions,
): OutageLog {
  const reasons = new Map<Use, string>();
  let isOver = false;

  function fail(use: Use, { message }: AppError): void {
    if (isOver || parent?.hasEnded) return;
    const isKnown = [...reasons.values()].includes(message);
    reasons.set(use, message);
    if (isKnown) return;
    if (isCommand) log.debug(message);
    else log.warn(`${message} (wick keeps trying)`);
  }

  return {
    end() {
      isOver = true;
    },
    isFailing: (use) => reasons.has(use),
    get hasEnded() {
      return isOver;
    },
    async watch(use, work) {
      try {
        const result = await work();
        if (reasons.delete(use) && reasons.size === 0) log.info("The database can be used again");
        return result;
      } catch (error) {
        const isOutage = error instanceof AppError && error.code === "store_unavailable";
        if (isOutage && !isPassing(error.cause)) fail(use, error);
        throw error;
      }
    },
  };
}

/** A conflict between transactions is retried: it is not an outage. */
function isPassing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && /^(40|55)/.test(String(cause.code));
}

import { toPrintable } from "./plain_text.ts";

/** Every expected failure. `lib/http/error_response.ts` gives each its HTTP answer. */
export type ErrorCode =
  | "invalid_input"
  | "not_found"
  | "method_not_allowed"
  | "rate_limited"
  /** Nothing at the exchange, or at another provider, answers. */
  | "exchange_unavailable"
  /** The exchange answers others and refuses this request. */
  | "exchange_refused"
  | "bad_payload"
  | "store_unavailable"
  /** Whatever is asked for is no longer given in this way. */
  | "gone"
  /** The client itself asks for too much at once. */
  | "too_many"
  | "busy";

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** How long the caller should wait, in ms. */
  readonly retryAfterMs?: number;
  /** The request parameter at fault. */
  readonly param?: string;
  /** What is wrong with `param`, without its name: see `invalidParameter`. */
  readonly problem?: string;
  /** The methods that would have been accepted. */
  readonly allow?: readonly string[];
}

/** Longer than any message of wick's own. */
const MAX_MESSAGE = 4_000;

/**
 * An expected failure. Its message may quote what others sent: it is made printable, and cut. A bug is a `TypeError` or `RangeError` and becomes a 500.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly param: string | undefined;
  readonly problem: string | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(
      toPrintable(message.slice(0, MAX_MESSAGE)),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.param = options.param;
    this.problem = options.problem;
    this.allow = options.allow;
  }
}

/** One line for people: the message and, where they say more, its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return toPrintable(String(error));
  const parts = [error.message || error.name];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    const text = cause.message || cause.name;
    if (!parts.some((part) => part.includes(text))) parts.push(text);
  }
  return toPrintable(parts.join(": "));
}

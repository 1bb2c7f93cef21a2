import { toPrintable } from "./text/plain_text.ts";

/** Every expected failure. `lib/http/error_response.ts` gives each its HTTP answer. */
export type ErrorCode =
  | "invalid_input"
  | "not_found"
  | "method_not_allowed"
  | "rate_limited"
  /** No host of the exchange, or of another provider, answers. */
  | "exchange_unavailable"
  /** The exchange refuses this request and answers others. */
  | "exchange_refused"
  | "bad_payload"
  | "store_unavailable"
  /** The resource is no longer available. */
  | "gone"
  /** The client exceeds its limit. */
  | "too_many"
  | "busy";

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Time that the caller should wait, in ms. */
  readonly retryAfterMs?: number;
  /** The request parameter at fault. */
  readonly param?: string;
  /** The problem with `param`, without its name: see `invalidParameter`. */
  readonly problem?: string;
  /** The accepted methods. */
  readonly allow?: readonly string[];
}

/** Larger than any message of wick itself. */
const MAX_MESSAGE = 4_000;

/**
 * An expected failure. Its message may quote outside data, so it is made printable and truncated. A
 * bug is a `TypeError` or `RangeError` and becomes a 500.
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

/** The message and, in the same line, those causes that add information. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return toPrintable(String(error));
  const parts = [error.message || error.name];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    const text = toLine(cause.message || cause.name);
    if (!parts.some((part) => toLine(part).includes(text))) parts.push(text);
  }
  return toPrintable(parts.join(": "));
}

/** A message of another program may have several lines. */
const toLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, " ");

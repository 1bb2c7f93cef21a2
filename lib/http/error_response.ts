import { AppError, type ErrorCode } from "../core/errors.ts";
import { SECOND_MS } from "../core/time.ts";

/** HTTP status of each expected failure; the type requires one for every code. */
export const ERROR_STATUS = {
  invalid_input: 400,
  not_found: 404,
  method_not_allowed: 405,
  rate_limited: 503,
  exchange_unavailable: 503,
  exchange_refused: 502,
  bad_payload: 502,
  store_unavailable: 503,
  gone: 410,
  too_many: 429,
  busy: 503,
} satisfies Record<ErrorCode, number>;

/** Fields of the documented error body. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode | "internal";
    readonly message: string;
    readonly param?: string;
  };
}

/** `{"error":{"code":"invalid_input","message":"…","param":"interval"}}` with its status. */
export function errorResponse(error: AppError): Response {
  const body: ErrorBody = {
    error: {
      code: error.code,
      message: error.message,
      ...error.param === undefined ? {} : { param: error.param },
    },
  };
  return Response.json(body, { status: ERROR_STATUS[error.code], headers: errorHeaders(error) });
}

/** For a 503 whose cause gives no retry time. */
const RETRY_AFTER_MS = 5 * SECOND_MS;

export function errorHeaders(error: AppError): Headers {
  const headers = new Headers({ "cache-control": "no-store" });
  const isTemporary = ERROR_STATUS[error.code] === 503;
  const retryAfterMs = error.retryAfterMs ?? (isTemporary ? RETRY_AFTER_MS : undefined);
  if (retryAfterMs !== undefined) {
    headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterMs / SECOND_MS))));
  }
  if (error.allow !== undefined) headers.set("allow", error.allow.join(", "));
  return headers;
}

/** For unexpected errors: details are only in the log, under `requestId`. */
export function internalErrorResponse(requestId: string): Response {
  const body: ErrorBody = {
    error: {
      code: "internal",
      message: `Internal error; the server log has the details under request ID ${requestId}`,
    },
  };
  return Response.json(body, { status: 500, headers: { "cache-control": "no-store" } });
}

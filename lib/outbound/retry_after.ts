import { MAX_BAN_MS } from "../core/request_weight.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";

/**
 * The wait in ms that a `Retry-After` header asks for: seconds, or a date (RFC 9110, section
 * 10.2.3), which is compared with the answer's `Date`, so that this machine's clock does not
 * matter. `undefined` for unreadable values, past times, and waits above `MAX_BAN_MS`.
 */
export function readRetryAfter(headers: Headers, now: EpochMs): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  const waitMs = /^\d+(?:\.\d+)?$/.test(text)
    ? Math.ceil(Number(text) * SECOND_MS)
    : readHttpDate(text) - readDate(headers, now);
  return toBelievableWait(waitMs);
}

/**
 * The ms until `until`, a time of the server's clock, measured from the answer's `Date`, or from
 * our clock without one; `undefined` where neither is plausible.
 */
export function waitUntil(
  until: EpochMs,
  headers: Headers,
  now: EpochMs,
): number | undefined {
  return toBelievableWait(until - readDate(headers, now)) ?? toBelievableWait(until - now);
}

function toBelievableWait(waitMs: number): number | undefined {
  return waitMs > 0 && waitMs <= MAX_BAN_MS ? waitMs : undefined;
}

/** The `Date` header of an answer in epoch ms; `undefined` when absent or unreadable. */
export function findDate(headers: Headers): EpochMs | undefined {
  const time = readHttpDate(headers.get("date") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function readDate(headers: Headers, now: EpochMs): EpochMs {
  return findDate(headers) ?? now;
}

/** `Sun, 06 Nov 1994 08:49:37 GMT` and its two obsolete forms; NaN for anything else. */
function readHttpDate(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text) || text.length > 40) return NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}

import { MAX_BAN_MS } from "../core/request_weight.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";

/**
 * How long to wait by a `Retry-After` header: seconds, or a date (RFC 9110, section 10.2.3), which is
 * compared with the answer's own `Date`, so that a wrong clock of this machine does not matter.
 * `undefined` for what cannot be read, a wait that is over and one longer than `MAX_BAN_MS`.
 */
export function readRetryAfter(headers: Headers, now: EpochMs): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  const waitMs = /^\d+(?:\.\d+)?$/.test(text)
    ? Math.ceil(Number(text) * SECOND_MS)
    : readHttpDate(text) - readDate(headers, now);
  return toBelievableWait(waitMs);
}

/**
 * The time until `until`, an epoch of the other side's clock, by the answer's own `Date` or failing that
 * by ours; `undefined` where neither can be.
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

/** The `Date` header of an answer; `undefined` without one that can be read. */
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

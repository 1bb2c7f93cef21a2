/** Milliseconds since 1970-01-01T00:00:00Z, an integer. The unit of all times inside wick. */
export type EpochMs = number;

/** A half-open time range: `from` is inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Binance opened in July 2017; no candle opens earlier. */
export const FIRST_LISTING: EpochMs = /* @__PURE__ */ Date.UTC(2017, 6);

/** Last time with a four-digit year, valid as `Date` and `timestamptz`. */
export const MAX_TIME: EpochMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Smaller numbers are seconds: as ms they end in March 1973. */
const MAX_SECONDS = 1e11;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Larger numbers are µs: as ms they would be after the year 5138. */
const MAX_MILLISECONDS = 1e14;

/** True if a number can only be a time in seconds, which follows from its size. */
export function isSeconds(stamp: number): boolean {
  return stamp >= 1 && stamp <= MAX_SECONDS;
}

/** True if a time of Binance is in microseconds, which follows from its size. */
export function isMicroseconds(stamp: number): boolean {
  return stamp > MAX_MILLISECONDS;
}

/**
 * Reads epoch ms or ISO 8601 (`2024-01-01`, `2024-01-01T00:00Z`, `…+02:00`; no zone means UTC).
 * Digits below a millisecond are cut off.
 *
 * @throws {RangeError} on anything else, negative times, and epochs that can only be seconds
 */
export function parseTime(text: string): EpochMs {
  const time = /^\d+$/.test(text) && text.length > 4 || text === "0"
    ? parseEpoch(text)
    : parseIso(text);
  if (time < 0 || time > MAX_TIME) throw new RangeError("must lie between 1970 and 9999");
  return time;
}

function parseEpoch(text: string): EpochMs {
  const time = Number(text);
  if (isSeconds(time)) {
    throw new RangeError("looks like epoch seconds, and must be epoch milliseconds");
  }
  return time;
}

function parseIso(text: string): EpochMs {
  const parts = ISO.exec(text);
  if (parts === null) {
    throw new RangeError("must be epoch milliseconds or ISO 8601 such as 2024-01-01T00:00:00Z");
  }
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    parts;
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  const fields = [+year!, +month! - 1, +day!, +hour, +minute, +second, ms] as const;
  const time = Date.UTC(...fields);
  const back = new Date(time);
  // Date.UTC accepts 2024-02-31 as March, and 24:00 as the next day; both are refused.
  const isSame = back.getUTCMonth() === fields[1] && back.getUTCDate() === fields[2] &&
    back.getUTCHours() === fields[3] && fields[4] < 60 && fields[5] < 60;
  if (!isSame) throw new RangeError("names a day or hour that does not exist");
  return time - zoneOffsetMs(zone);
}

function zoneOffsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) throw new RangeError("has a zone offset beyond 14:00");
  return (zone.startsWith("-") ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
}

/**
 * Writes `2024-01-01T00:00:00.000Z`. Never throws, because it formats outside times: a time beyond
 * the years 0 to 9999 becomes the nearest one, and NaN becomes `unknown time`.
 */
export function toIso(time: EpochMs): string {
  if (Number.isNaN(time)) return "unknown time";
  return new Date(Math.max(MIN_TIME, Math.min(MAX_TIME, time))).toISOString();
}

const MIN_TIME: EpochMs = Date.parse("0000-01-01");

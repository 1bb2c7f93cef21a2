import { type EpochMs, parseTime } from "../../../lib/core/time.ts";

/** Numbers from here on are microseconds, from the second on milliseconds, below seconds. */
const MICROSECONDS_FROM = 1e14;
const MILLISECONDS_FROM = 1e11;

/**
 * Reads the times that occur in saved candles: epoch seconds, ms or µs by magnitude, also written
 * as floats (`1502956799999.0`), and text in UTC (`2017-08-17`, `2017-08-17 04:00:00.000`,
 * `2018-04-17 07:59:59.999000+00:00`).
 *
 * @throws {RangeError} on anything else
 */
export function parseSavedTime(text: string): EpochMs {
  const number = /^(\d+)(?:\.0*)?$/.exec(text);
  if (number !== null) return fromNumber(Number(number[1]));
  return parseTime(text.replace(" ", "T"));
}

function fromNumber(value: number): EpochMs {
  if (value >= MICROSECONDS_FROM) return Math.floor(value / 1000);
  return value >= MILLISECONDS_FROM ? value : value * 1000;
}

import { HOUR_MS, MINUTE_MS } from "../core/time.ts";
import { illegalCharacters, invalidValue } from "./api_error.ts";

const FORM = /^([+-]?)(\d{1,2})(?::([0-5]\d))?$/;
const SHOWN = "^[+-]?[0-9]{1,2}(:[0-5][0-9])?$";

/** Reads `8`, `-1:00`, `05:45`: how far candle borders lie ahead of UTC, in ms. */
export function parseTimeZone(text: string | undefined): number {
  if (text === undefined) return 0;
  const match = FORM.exec(text);
  if (match === null) throw illegalCharacters("timeZone", SHOWN);
  const [, sign, hours, minutes = "0"] = match;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS;
  const offset = sign === "-" ? -size : size;
  if (offset < -12 * HOUR_MS || offset > 14 * HOUR_MS) throw invalidValue("timeZone");
  return offset;
}

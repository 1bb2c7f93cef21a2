import { type EpochMs, isMicroseconds, MINUTE_MS } from "../../core/time.ts";
import { toMs } from "../kline_row.ts";

/** Ms have 13 digits since 2001, µs 16: Binance uses neither seconds nor nanoseconds. */
const STAMP = /^\d{12,13}$|^\d{16}$/;

/**
 * Times as written by wick, pandas and DuckDB: `2024-07-01T00:00:00.000Z`, `2024-07-01
 * 00:00:00+00`.
 */
const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)? ?(?:(Z|UTC)|([+-])(\d\d):?(\d\d)?)?$/;

/**
 * Parses a time in a file to epoch ms; UTC without a zone. `undefined` for anything else. Fractions
 * of a ms are dropped.
 */
export function readFileTime(field: string): EpochMs | undefined {
  if (STAMP.test(field)) return toMs(Number(field));
  const match = WRITTEN.exec(field);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) =>
    Number(part ?? 0)
  );
  const ms = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const local = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second, ms));
  const isReal = local.getUTCMonth() === month! - 1 && local.getUTCDate() === day &&
    minute! < 60 && second! < 60;
  if (!isReal) return undefined;
  const sign = match[9] === "-" ? -1 : 1;
  const offset = Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0);
  return local.getTime() - sign * offset * MINUTE_MS;
}

/** True if a stamp counts milliseconds. */
export function isMsStamp(field: string): boolean {
  return STAMP.test(field) && !isMicroseconds(Number(field));
}

import { type Decimal, isDecimal } from "../core/decimal.ts";
import type { EpochMs } from "../core/time.ts";
import { readFileTime } from "../binance/files/file_time.ts";

/** Unit of epoch numbers in a file, by their digits since 2001. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

const UNITS: Readonly<Record<number, readonly [TimeUnit, number]>> = {
  10: ["s", 1e-3],
  13: ["ms", 1],
  16: ["us", 1e3],
  19: ["ns", 1e6],
};

/** The unit of a whole epoch number such as `1502942400`; `undefined` for other text. */
export function timeUnitOf(cell: string): TimeUnit | undefined {
  return /^\d+$/.test(cell) ? UNITS[cell.length]?.[0] : undefined;
}

/** Accepted times, for error messages. */
export const ACCEPTED_TIMES =
  "accepted are epoch s, ms, µs or ns, and ISO 8601 such as 2025-06-01 00:00:00+02:00";

/** Spreadsheets show 1748736000000 as `1.74874E+12`, and save what they show. */
const ROUNDED = /^\d[.,]\d{1,5}E\+\d\d$/i;

/** True for an epoch number of which a spreadsheet has kept six digits. */
export const isRoundedTime = (cell: string) => ROUNDED.test(cell);

/** True for a number with separators between thousands, or one that may have them: `62,000`. */
export const hasThousands = (cell: string) =>
  /^-?\d{1,3}([.,'’ \u00a0\u202f]\d{3})+([.,]\d+)?$/.test(cell);

/** `2025/06/01` and `2025.06.01` with a time or none, and `20250601`, as ISO 8601. */
function withDashes(text: string): string {
  return text.replace(/^(\d{4})([/.])(\d\d)\2(\d\d)(?=$|[ T])/, "$1-$3-$4")
    .replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
}

/**
 * Reads a time in any notation of the field: epoch seconds, ms, µs or ns, also written as a float;
 * ISO 8601 and its variants; `2020-04-16 11-PM` of CryptoDataDownload. UTC without a zone.
 * `undefined` for anything else, such as the ambiguous `04/05/2020`.
 */
export function readTime(cell: string): EpochMs | undefined {
  if (isRoundedTime(cell)) return undefined;
  const stamp = EXPONENT.test(cell) ? plainNumber(cell) : cell.replace(/^(\d{10,19})\.0+$/, "$1");
  const unit = /^\d+$/.test(stamp) ? UNITS[stamp.length] : undefined;
  // Digits are cut as text: numbers of 19 digits are not exact as floats.
  if (unit !== undefined) {
    return unit[0] === "s" ? Number(stamp) * 1000 : Number(stamp.slice(0, 13));
  }
  const seconds = /^(\d{10})\.(\d{1,9})$/.exec(stamp);
  if (seconds) return Number(seconds[1]) * 1000 + Number(seconds[2]!.padEnd(3, "0").slice(0, 3));
  return readFileTime(withHours(withDashes(stamp)));
}

/** `2020-04-16 11-PM` as `2020-04-16 23:00`. */
function withHours(text: string): string {
  const [, date, hour, half] = /^(\d{4}-\d\d-\d\d) (\d\d)-([AP]M)$/.exec(text) ?? [];
  if (date === undefined) return text;
  const hours = Number(hour) % 12 + (half === "PM" ? 12 : 0);
  return `${date} ${String(hours).padStart(2, "0")}:00`;
}

/** Floats in exponent notation. */
const EXPONENT = /^(-?)(\d+)(?:\.(\d{1,20}))?e([+-]?\d{1,2})$/i;

/** `1.5e-05` as `0.000015`, digit for digit; other text is returned unchanged. */
export function plainNumber(cell: string): string {
  const parts = EXPONENT.exec(cell);
  if (parts === null) return cell;
  const [, sign, head, tail = "", power] = parts;
  const digits = head! + tail;
  const point = head!.length + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Reads a decimal; `undefined` for text that is not a number. */
export function readDecimal(cell: string): Decimal | undefined {
  const text = plainNumber(cell).replace(/^\+/, "").replace(/^(-?)\./, "$10.").replace(/\.$/, "");
  return isDecimal(text) ? text : undefined;
}

/** Reads a count, also one written as a float; `undefined` for other text. */
export function readCount(cell: string): number | undefined {
  const text = plainNumber(cell).replace(/\.0*$/, "");
  const count = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  return count !== undefined && Number.isSafeInteger(count) ? count : undefined;
}

/** Cells that stand for an absent value. */
export function isAbsent(cell: string): boolean {
  return /^(|nan|null|none|n\/a|-)$/i.test(cell);
}

/** The text of `unscaled` / 10^`scale`, with all of its decimals. */
export function unscaledText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? "-" : "";
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

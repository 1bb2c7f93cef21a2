import { parse } from "csv-parse/sync";
import { AppError } from "../../../lib/core/errors.ts";
import { endOf, type Interval } from "../../../lib/core/interval.ts";
import { type EpochMs, isMicroseconds, isSeconds, parseTime } from "../../../lib/core/time.ts";
import type { KlineRow } from "../market/kline_row.ts";
import { isHeader, type Layout, layoutOf, layoutWithoutHeader } from "./columns.ts";

/**
 * Reads saved candles in the order of the file. Digits stay as they are; missing columns become
 * `"0"`, a missing close time the scheduled one.
 *
 * @throws {AppError} `invalid_input`, naming the file and the line
 */
export function readSavedCandles(text: string, interval: Interval, name: string): KlineRow[] {
  const lines: string[][] = parseCsv(text, name);
  const first = lines[0];
  if (first === undefined) return [];
  const hasHeader = isHeader(first);
  const layout = at(name, 1, () => hasHeader ? layoutOf(first) : layoutWithoutHeader(first));
  return lines.slice(hasHeader ? 1 : 0).map((line, i) =>
    at(name, i + (hasHeader ? 2 : 1), () => toRow(line, layout, interval))
  );
}

function parseCsv(text: string, name: string): string[][] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new AppError("invalid_input", `Cannot read candles of ${name}`, { cause: error });
  }
}

function at<Value>(name: string, line: number, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError("invalid_input", `Cannot read candles of ${name}: line ${line}`, {
      cause: error,
    });
  }
}

function toRow(line: readonly string[], layout: Layout, interval: Interval): KlineRow {
  const field = (column: keyof Layout) => {
    const index = layout[column];
    return index === undefined ? undefined : line[index];
  };
  const open: EpochMs = parseSavedTime(field("openTime") ?? "");
  const close = field("closeTime");
  return [
    open,
    toDecimal(field("open")),
    toDecimal(field("high")),
    toDecimal(field("low")),
    toDecimal(field("close")),
    toDecimal(field("volume")),
    close === undefined ? endOf(open, interval) - 1 : parseSavedTime(close),
    toDecimal(field("quoteVolume") ?? "0"),
    Math.trunc(Number(toDecimal(field("trades") ?? "0"))),
    toDecimal(field("takerVolume") ?? "0"),
    toDecimal(field("takerQuoteVolume") ?? "0"),
    toDecimal(field("ignore") ?? "0"),
  ];
}

/** Keeps the digits; only exponents, which the exchange never sends, are expanded. */
function toDecimal(text: string | undefined): string {
  if (text !== undefined && /^\d+(\.\d*)?$/.test(text)) return text;
  const match = /^(\d+)(?:\.(\d*))?[eE]([+-]?\d{1,3})$/.exec(text ?? "");
  if (match === null) throw new RangeError(`holds no decimal: ${text}`);
  const [, whole = "", fraction = "", exponent] = match;
  return shiftPoint(whole, fraction, Number(exponent));
}

function shiftPoint(whole: string, fraction: string, places: number): string {
  const digits = whole + fraction;
  const point = whole.length + places;
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, "0");
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * Reads the times found in saved candles: epoch seconds, ms or µs by magnitude, also written as
 * floats (`1502956799999.0`), and text in UTC (`2017-08-17`, `2017-08-17 04:00:00.000`, `2018-04-17
 * 07:59:59.999000+00:00`).
 * @throws {RangeError} on anything else
 */
function parseSavedTime(text: string): EpochMs {
  const number = /^(\d+)(?:\.0*)?$/.exec(text);
  if (number !== null) return fromNumber(Number(number[1]));
  return parseTime(text.replace(" ", "T"));
}

function fromNumber(value: number): EpochMs {
  if (isMicroseconds(value)) return Math.floor(value / 1000);
  return isSeconds(value) ? value * 1000 : value;
}

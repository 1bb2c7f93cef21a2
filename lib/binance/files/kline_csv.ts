import { parse } from "csv-parse/sync";
import { AppError } from "../../core/errors.ts";
import type { Kline } from "../../core/kline.ts";
import { isKlineRow, klineRowSchema } from "../binance_schema.ts";
import { toKline } from "../kline_row.ts";
import { type CsvLayout, readLayout } from "./csv_layout.ts";
import { isMsStamp, readFileTime } from "./file_time.ts";
import { ACCEPTED } from "./file_kind.ts";
import { type Lines, readLines } from "./text_lines.ts";

/** A well-formed row of a file. */
export interface CsvRow {
  readonly line: number;
  readonly kline: Kline;
  /** Its open time is written in ms, not in µs or as a date. */
  readonly isMs: boolean;
  /** Its close time is written without ms. */
  readonly isCloseInSeconds: boolean;
}

/** An invalid row. */
export interface RefusedRow {
  readonly line: number;
  readonly reason: string;
}

export interface CsvPart {
  readonly layout: CsvLayout;
  readonly rows: readonly CsvRow[];
  readonly refused: readonly RefusedRow[];
}

/**
 * Reads candles out of CSV as Binance's archive has it (12 columns, with or without a header line,
 * times in ms or µs), as wick exports it, or as pandas and DuckDB rewrite wick's export. Decimals
 * stay text.
 *
 * @throws `bad_payload` for other content; an invalid row is yielded as refused
 */
export async function* readKlineCsv(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<CsvPart> {
  let layout: CsvLayout | undefined;
  for await (const lines of readLines(bytes, path)) {
    const cells = toCells(lines);
    let body = cells;
    if (layout === undefined) {
      if (cells.length === 0) continue;
      layout = readLayout(cells[0]!.fields ?? [], path);
      if (layout.hasHeader) body = cells.slice(1);
    }
    yield readPart(body, layout, lines);
  }
  if (layout === undefined) {
    throw new AppError("bad_payload", `Cannot read ${path}: it is empty; ${ACCEPTED}`);
  }
}

interface Cells {
  readonly line: number;
  /** `undefined`: not CSV. */
  readonly fields: readonly string[] | undefined;
}

/** Without quotes and spaces, every comma of a line separates cells. */
const SPECIAL = /["\s]/;

function toCells({ first, lines }: Lines): Cells[] {
  const filled = lines.flatMap((text, i) => text.trim() === "" ? [] : [{ text, line: first + i }]);
  if (!filled.some(({ text }) => SPECIAL.test(text))) {
    return filled.map(({ text, line }) => ({ line, fields: text.split(",") }));
  }
  const rows = parseCsv(filled.map(({ text }) => text).join("\n"));
  // An unclosed quote joins lines, so each line is then parsed separately.
  return rows?.length === filled.length
    ? filled.map(({ line }, i) => ({ line, fields: rows[i] }))
    : filled.map(({ line, text }) => ({ line, fields: parseCsv(text)?.[0] }));
}

function parseCsv(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, trim: true });
  } catch {
    return undefined;
  }
}

function readPart(cells: readonly Cells[], layout: CsvLayout, { isCut }: Lines): CsvPart {
  const rows: CsvRow[] = [];
  const refused: RefusedRow[] = [];
  cells.forEach(({ line, fields }, i) => {
    // Without the unused last column, a truncated number would look valid.
    const isDoubtful = isCut && i === cells.length - 1 && layout.places.includes(layout.width - 1);
    const row = isDoubtful ? "the file ends in the middle of this line" : readRow(fields, layout);
    if (typeof row === "string") refused.push({ line, reason: row });
    else {rows.push({
        line,
        kline: row.kline,
        isMs: row.isMs,
        isCloseInSeconds: row.isCloseInSeconds,
      });}
  });
  return { layout, rows, refused };
}

/** The candle of a row, or the reason why it is invalid. */
function readRow(
  fields: readonly string[] | undefined,
  layout: CsvLayout,
): Omit<CsvRow, "line"> | string {
  if (fields === undefined) return "it is not CSV";
  if (fields.length !== layout.width) {
    return `it has ${fields.length} columns instead of ${layout.width}`;
  }
  const { places } = layout;
  const values: unknown[] = places.map((place, column) =>
    readField(fields[place]!, column, layout)
  );
  values.push("0");
  if (isKlineRow(values)) {
    const [opens, closes] = [fields[places[0]!]!, fields[places[6]!]!];
    const isCloseInSeconds = /\d:\d\d:\d\d/.test(closes) && !closes.includes(".");
    return { kline: toKline(values), isMs: isMsStamp(opens), isCloseInSeconds };
  }
  const column = Number(klineRowSchema.safeParse(values).error!.issues[0]!.path[0]);
  const place = layout.places[column]!;
  return `column ${place + 1} is ${quote(fields[place]!)}, which is ${WANTED[column] ?? NUMBER}`;
}

const TIME = "not a time: use ms or µs since 1970, or ISO 8601";
const NUMBER = "not a decimal number";
/** Expected content of columns that are not decimals. */
const WANTED: Readonly<Record<number, string>> = { 0: TIME, 6: TIME, 8: "not a whole number" };

function readField(field: string, column: number, { isRewritten }: CsvLayout): number | string {
  if (column === 0 || column === 6) {
    return readFileTime(isRewritten ? wholeStamp(field) : field) ?? field;
  }
  if (column === 8) return /^\d+(\.0+)?$/.test(field) ? Number(field) : field;
  return isRewritten && EXPONENT.test(field) ? withoutExponent(field) : field;
}

const quote = (field: string) =>
  JSON.stringify(field.length > 40 ? `${field.slice(0, 40)}…` : field);

/** Floats in exponent notation. */
const EXPONENT = /^(\d)(?:\.(\d{1,17}))?e([+-]?\d{1,2})$/i;

/** A timestamp written as a float: `1738368000000.0`, `1.738368e+12`. */
function wholeStamp(field: string): string {
  return EXPONENT.test(field) ? withoutExponent(field) : field.replace(/^(\d{12,16})\.0+$/, "$1");
}

/** `1.5e-05` as `0.000015`, digit for digit. */
function withoutExponent(field: string): string {
  const [, head, tail = "", power] = EXPONENT.exec(field)!;
  const digits = head + tail;
  const point = 1 + Number(power);
  if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, "0");
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

import { parse } from "csv-parse/sync";
import { AppError } from "../core/errors.ts";
import { type Kline, KLINE_COLUMNS } from "../core/kline.ts";
import { klineRowSchema } from "./binance_schema.ts";
import { toKline } from "./kline_row.ts";

/** Bytes parsed at a time, cut at the end of a line. */
const BLOCK_CHARS = 1 << 20;

/** Header names of the archive's columns, and of wick's own export, which lacks the last. */
const ARCHIVE_HEADER = [
  ...["open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume"],
  ...["count", "taker_buy_volume", "taker_buy_quote_volume", "ignore"],
];

/** 12 columns, or 11 without the one that means nothing. */
const COLUMN_COUNTS = [12, 11];

/**
 * Reads candles out of CSV as Binance's archive has it (12 columns, with or without a header line,
 * times in ms or µs) or as wick exports it. Decimals stay text.
 *
 * @throws `bad_payload` naming the line at fault, also for a file whose last number may be cut
 */
export async function* readKlineCsv(
  bytes: ReadableStream<Uint8Array>,
  name: string,
): AsyncGenerator<Kline[]> {
  let rest = "";
  const state = { name, line: 1, columns: 0 };
  for await (const text of bytes.pipeThrough(textDecoder())) {
    rest += text;
    if (rest.length < BLOCK_CHARS) continue;
    const end = rest.lastIndexOf("\n") + 1;
    if (end > 0) yield readBlock(rest.slice(0, end), state);
    rest = rest.slice(end);
  }
  if (rest.trim() === "") return;
  const klines = readBlock(rest, state);
  // Without the column that means nothing, a number that was cut looks like a number.
  if (state.columns === 11 && !rest.endsWith("\n")) {
    throw new AppError("bad_payload", `Cannot trust ${name}: it ends in the middle of a line`);
  }
  yield klines;
}

/** Where in the file a block begins. */
interface ReadState {
  readonly name: string;
  line: number;
  /** Of the first line; 0 before it. */
  columns: number;
}

function readBlock(block: string, state: ReadState): Kline[] {
  const { name, line } = state;
  const rows = parseBlock(block, name, line);
  state.columns ||= requireColumns(rows[0], name);
  const body = line === 1 && isHeader(rows[0], name) ? rows.slice(1) : rows;
  const first = line + rows.length - body.length;
  state.line += rows.length;
  return body.map((row, i) => {
    if (row.length === state.columns) return toCheckedKline(row, name, first + i);
    throw new AppError(
      "bad_payload",
      `Cannot read ${name}, line ${first + i}: it has ${row.length} columns, not ${state.columns}`,
    );
  });
}

function requireColumns(row: string[] | undefined, name: string): number {
  const count = row?.length ?? 0;
  if (row === undefined || COLUMN_COUNTS.includes(count)) return count;
  throw new AppError("bad_payload", `Cannot read ${name}: it has ${count} columns, not 11 or 12`);
}

function parseBlock(block: string, name: string, line: number): string[][] {
  try {
    return parse(block, { skip_empty_lines: true, relax_column_count: true });
  } catch (cause) {
    throw new AppError("bad_payload", `Cannot read ${name} after line ${line}: it is not CSV`, {
      cause,
    });
  }
}

function isHeader(row: string[] | undefined, name: string): boolean {
  if (row === undefined || /^\d/.test(row[0] ?? "")) return false;
  const isKnown = [ARCHIVE_HEADER, KLINE_COLUMNS].some((known) =>
    row.length === known.length && row.every((title, i) => title === known[i])
  );
  if (isKnown) return true;
  throw new AppError(
    "bad_payload",
    `Cannot read ${name}: its first line names other columns than ${KLINE_COLUMNS.join()}`,
  );
}

function toCheckedKline(row: string[], name: string, line: number): Kline {
  const fields = row.length === 11 ? [...row, "0"] : row;
  const typed = fields.map((field, i) => i === 0 || i === 6 ? toStamp(field) : toCount(field, i));
  const parsed = klineRowSchema.safeParse(typed);
  if (parsed.success) return toKline(parsed.data);
  const [issue] = parsed.error.issues;
  const column = issue!.path[0] === undefined ? "" : `, column ${Number(issue!.path[0]) + 1}`;
  throw new AppError(
    "bad_payload",
    `Cannot read ${name}, line ${line}${column}: ${issue!.message}`,
  );
}

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Ms have 13 digits since 2001, µs 16: seconds and nanoseconds are no stamps of Binance's. */
const STAMP = /^\d{12,13}$|^\d{16}$/;

function toStamp(field: string): number | string {
  if (STAMP.test(field)) return Number(field);
  return ISO.test(field) ? Date.parse(field) : field;
}

function toCount(field: string, column: number): number | string {
  return column === 8 && /^\d+$/.test(field) ? Number(field) : field;
}

// The DOM's types of the two streams differ from Deno's in the kind of buffer only.
function textDecoder() {
  return new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>;
}

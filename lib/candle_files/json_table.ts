import { JSONParser } from "@streamparser/json";
import { AppError } from "../core/errors.ts";
import { readLines } from "../binance/files/text_lines.ts";
import { BATCH_ROWS, type TablePart, type TableRow } from "../ports/candle_table.ts";

/**
 * Reads candles of JSON: an array of arrays as ccxt and freqtrade write them, an array of objects,
 * or one object per line. Objects become rows below a row of their names.
 *
 * @throws `bad_payload` for text that is not JSON, or JSON without rows
 */
export async function* readJsonTable(
  bytes: AsyncIterable<Uint8Array>,
  isArray: boolean,
  path: string,
): AsyncGenerator<TablePart> {
  const names: { of?: readonly string[] } = {};
  let line = 0;
  let rows: TableRow[] = [];
  for await (const values of isArray ? parseArray(bytes, path) : parseLines(bytes, path)) {
    for (const value of values) {
      line++;
      if (!Array.isArray(value) && names.of === undefined) {
        names.of = namesOf(value, path);
        rows.push({ line, cells: names.of });
      }
      rows.push({ line, cells: toCells(value, names.of) });
    }
    if (rows.length < BATCH_ROWS) continue;
    yield { rows, isCut: false };
    rows = [];
  }
  yield { rows, isCut: false };
}

const ACCEPTED_JSON = "accepted are an array of arrays or of objects, and one object per line";

function namesOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== "object" || value === null) {
    throw malformed(path, `its JSON holds ${typeof value}s, not candles; ${ACCEPTED_JSON}`);
  }
  const { code, msg } = value as Readonly<Record<string, unknown>>;
  if (typeof code === "number" && typeof msg === "string") {
    throw malformed(path, `it is an error answer of Binance, ${code}: ${msg} Download it again`);
  }
  const members = Object.values(value);
  if (members.length > 0 && members.every((one) => typeof one === "object" && one !== null)) {
    throw malformed(
      path,
      'it has one object per column, as pandas writes by default: write it with orient="records"',
    );
  }
  return Object.keys(value);
}

/** Cells of a row; `undefined` for a value that is not one. */
function toCells(value: unknown, names: readonly string[] | undefined): string[] | undefined {
  if (Array.isArray(value)) return value.map(toText);
  if (typeof value !== "object" || value === null || names === undefined) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  return names.map((name) => toText(members[name]));
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The elements of an array, parsed as they arrive, so that no file is held in memory. */
async function* parseArray(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<unknown[]> {
  let found: unknown[] = [];
  let failure: Error | undefined;
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false });
  parser.onValue = ({ value }) => found.push(value);
  parser.onError = (error) => failure ??= error;
  for await (const chunk of bytes) {
    if (!parser.isEnded) parser.write(chunk);
    if (failure !== undefined) throw malformed(path, failure.message);
    yield found;
    found = [];
  }
  if (!parser.isEnded) throw malformed(path, "it ends in the middle of the array");
}

async function* parseLines(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<unknown[]> {
  let isFirst = true;
  try {
    for await (const { first, lines } of readLines(bytes, path)) {
      const found = lines.map((text, i) => parseLine(text, first + i, path));
      yield found.filter((value) => value !== undefined);
      isFirst = false;
    }
  } catch (error) {
    throw isFirst && error instanceof AppError ? malformed(path, NO_TABLE) : error;
  }
}

const NO_TABLE = `its JSON holds no rows of candles; ${ACCEPTED_JSON}`;

function parseLine(text: string, line: number, path: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(`${path}, line ${line}`, "it is not JSON");
  }
}

const malformed = (path: string, reason: string) =>
  new AppError("bad_payload", `Cannot read ${path}: ${reason}`);

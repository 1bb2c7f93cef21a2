import { AppError } from "../core/errors.ts";
import { endOf, type Interval, INTERVALS } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";
import type { KlineFile, NamedSeries, OpenedFile } from "../ports/archive_source.ts";
import {
  type CandleColumns,
  isValueRow,
  lackingColumns,
  namedColumns,
  positionalColumns,
} from "./candle_columns.ts";
import { readTime } from "./cell_values.ts";
import { parseFileName, parseWrittenInterval, toSymbol } from "./file_names.ts";
import { type CandleFormat, detectFormat } from "./formats.ts";
import { checkRecords, type RecordBatch } from "./record_checks.ts";
import { type FileRecord, readRecord } from "./record_rows.ts";
import type { TablePart, TableRow } from "../ports/candle_table.ts";
import type { TableSource } from "./table_source.ts";

/** A file of another program, before its rows are read. */
export interface FieldFile {
  /** For messages. */
  readonly path: string;
  /** Names that may contain the series. */
  readonly names: readonly string[];
  /** Paths that may name another market. */
  readonly places: readonly string[];
  readonly bytes: number;
  readonly isZip: boolean;
  readonly isChecked: boolean;
  readonly source: TableSource;
}

/** The beginning of a table: its columns, and the series that its rows name. */
interface Opening {
  readonly columns: CandleColumns;
  readonly format: CandleFormat;
  /** Series that the table's own columns name, as written. */
  readonly series: readonly WrittenSeries[];
  /** Interval of the most common distance between rows. */
  readonly spacing: Interval | undefined;
}

interface WrittenSeries {
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
}

/**
 * Opens a file of another program: one series, or those that its columns name.
 *
 * @throws `bad_payload` for a file that holds no candles of the spot market, `invalid_input` for one
 * whose series is unknown
 */
export async function openFieldFile(file: FieldFile, named: NamedSeries): Promise<OpenedFile[]> {
  const opening = await readOpening(file, named);
  return opening.series.map((written) => {
    try {
      return { path: file.path, file: toKlineFile(file, opening, written, named) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { path: file.path, error };
    }
  });
}

async function readOpening(file: FieldFile, named: NamedSeries): Promise<Opening> {
  const { source, path } = file;
  let columns: CandleColumns | undefined;
  const series = new Map<string, WrittenSeries>();
  const times: EpochMs[] = [];
  let names: string[] = [];
  let isHeaderRead = false;
  for await (const part of source.read()) {
    const rows = columns === undefined ? skipBanner(part.rows) : part.rows;
    if (columns === undefined && rows.length > 0) {
      const first = rows[0]!.cells ?? [];
      columns = isValueRow(first)
        ? positionalColumns(first.length, path)
        : namedColumns(first, path);
      if (columns.hasHeader) names = first.map((name) => name.trim().toLowerCase());
    }
    if (columns === undefined) continue;
    const skipped = columns.hasHeader && !isHeaderRead ? 1 : 0;
    isHeaderRead = true;
    noteRows(rows.slice(skipped), columns, series, times);
    // Only a table that names its intervals may hold several series.
    const isKnown = !columns.places.has("interval") || source.isOneSeries;
    if (isKnown && times.length > 0) break;
  }
  if (columns === undefined) throw new AppError("bad_payload", `Cannot read ${path}: it is empty`);
  const format = detectFormat({ columns, names, kind: source.kind }, named.format, path);
  // Without a readable time, reading reports the rows.
  const written = series.size === 0 ? [UNNAMED] : [...series.values()];
  return { columns, format, series: written, spacing: commonSpacing(times) };
}

const UNNAMED: WrittenSeries = { symbol: undefined, interval: undefined };

/** Times that are kept to find the distance between rows. */
const SPACING_ROWS = 500;

function noteRows(
  rows: readonly TableRow[],
  { places, width }: CandleColumns,
  series: Map<string, WrittenSeries>,
  times: EpochMs[],
): void {
  const cell = (cells: readonly string[], column: "symbol" | "interval") => {
    const place = places.get(column);
    return place === undefined ? undefined : cells[place]!.trim();
  };
  for (const { cells } of rows) {
    if (cells?.length !== width) continue;
    const time = readTime(cells[places.get("open_time")!]!.trim());
    if (time === undefined) continue;
    const written = { symbol: cell(cells, "symbol"), interval: cell(cells, "interval") };
    series.set(`${written.symbol} ${written.interval}`, written);
    if (times.length < SPACING_ROWS) times.push(time);
    if (!places.has("interval") && times.length >= SPACING_ROWS) return;
  }
}

/** Lines before the header, such as the address that CryptoDataDownload puts first. */
const MAX_BANNER_LINES = 3;

/** Leaves out leading lines of one cell. */
function skipBanner(rows: readonly TableRow[]): readonly TableRow[] {
  const start = rows.slice(0, MAX_BANNER_LINES + 1).findIndex(({ cells }) => cells?.length !== 1);
  return start > 0 ? rows.slice(start) : rows;
}

/** The interval whose length most neighbouring rows are apart, in either order. */
function commonSpacing(times: readonly EpochMs[]): Interval | undefined {
  const votes = new Map<Interval, number>();
  for (let i = 1; i < times.length; i++) {
    const [from, to] = [times[i - 1]!, times[i]!].toSorted((a, b) => a - b);
    const found = INTERVALS.find((interval) => endOf(from!, interval) === to);
    if (found !== undefined) votes.set(found, (votes.get(found) ?? 0) + 1);
  }
  const [best] = [...votes].toSorted(([, a], [, b]) => b - a);
  return best !== undefined && best[1] * 2 >= times.length - 1 ? best[0] : undefined;
}

function toKlineFile(
  file: FieldFile,
  opening: Opening,
  written: WrittenSeries,
  named: NamedSeries,
): KlineFile {
  const series = requireSeries(file, opening, written, named);
  const { format } = opening;
  const { path, bytes, isZip, isChecked, places } = file;
  const terms = {
    path,
    places,
    interval: series.interval,
    hasClosedOnly: format.hasClosedOnly,
    isTolerant: named.isTolerant === true,
    isBare: !opening.columns.hasHeader && opening.columns.width === 12,
  };
  return {
    symbol: series.symbol,
    interval: series.interval,
    path: opening.series.length === 1 ? path : `${path} (${seriesName(series)})`,
    format: describeFormat(opening),
    bytes: bytes / opening.series.length,
    isZip,
    isChecked,
    origin: "file",
    candles: () => checkRecords(readRecords(file, opening, written, series.interval), terms),
  };
}

/** The format, with the columns of the exchange that it lacks. */
function describeFormat({ format, columns }: Opening): string {
  const lacking = lackingColumns(columns).map((column) => column.replaceAll("_", " "));
  return lacking.length === 0 ? format.name : `${format.name} without ${lacking.join(", ")}`;
}

async function* readRecords(
  { source }: FieldFile,
  { columns, series }: Opening,
  written: WrittenSeries,
  interval: Interval,
): AsyncGenerator<RecordBatch> {
  let isFirst = true;
  for await (const part of source.read()) {
    const rows = isFirst ? skipBanner(part.rows).slice(columns.hasHeader ? 1 : 0) : part.rows;
    isFirst = isFirst && part.rows.length === 0;
    yield toBatch({ rows, isCut: part.isCut }, columns, series.length > 1 ? written : undefined, {
      interval,
      symbol: written.symbol,
    });
  }
}

function toBatch(
  { rows, isCut }: TablePart,
  columns: CandleColumns,
  only: WrittenSeries | undefined,
  expected: { readonly interval: Interval; readonly symbol: string | undefined },
): RecordBatch {
  const batch = {
    records: [] as RecordBatch["records"][number][],
    refused: [] as RecordBatch["refused"][number][],
  };
  rows.forEach((row, i) => {
    const { line } = row;
    const record = readRecord(row, columns, expected.interval);
    if (typeof record === "string") {
      if (!isRepeatedHeader(row)) batch.refused.push({ line, reason: record });
    } else if (only !== undefined) {
      if (record.symbol === only.symbol && record.interval === only.interval) {
        batch.records.push(record);
      }
    } else if (record.symbol !== expected.symbol) {
      batch.refused.push({
        line,
        reason: `it is a row of ${record.symbol}, not ${expected.symbol}`,
      });
    } else if (isCut && i === rows.length - 1 && isLastDoubtful(record, batch.records, columns)) {
      batch.refused.push({ line, reason: "the file ends in the middle of this line" });
    } else batch.records.push(record);
  });
  return batch;
}

/** Files that were joined repeat their header line; yfinance writes three, with `BTC-USD` in one. */
const isRepeatedHeader = ({ cells }: TableRow) =>
  cells !== undefined && cells.length >= 5 &&
  cells.every((cell) => /^[A-Za-z_ ][\w -]*$/.test(cell) || cell === "");

/**
 * True for a last row without a line end whose number may be cut off. As the newest of a file it is
 * left out anyway.
 */
function isLastDoubtful(
  { candle }: FileRecord,
  before: readonly FileRecord[],
  { places, width }: CandleColumns,
): boolean {
  const endsInNumber = [...places].some(([column, place]) =>
    place === width - 1 && column !== "symbol"
  );
  return endsInNumber && candle.openTime < (before.at(-1)?.candle.openTime ?? 0);
}

/** @throws `invalid_input` without a series, `bad_payload` when sources contradict each other */
function requireSeries(
  { path, names, source }: FieldFile,
  { spacing }: Opening,
  written: WrittenSeries,
  named: NamedSeries,
): Series {
  const parts = names.map(parseFileName);
  const symbols = [
    ["--symbol", named.symbol],
    [
      "its column for the symbol",
      written.symbol === undefined ? undefined : toSymbol(written.symbol),
    ],
    ["its table", source.symbol],
    ...parts.map((part) => ["its name", part.symbol] as const),
  ] as const;
  const intervals = [
    ["--interval", named.interval],
    [
      "its column for the interval",
      written.interval === undefined ? undefined : parseWrittenInterval(written.interval),
    ],
    ["its name", parts.map((part) => part.interval).find((one) => one !== undefined)],
    ["the distance between its rows", spacing],
  ] as const;
  return {
    symbol: agree(path, "symbol", symbols),
    interval: agree(path, "interval", intervals),
  };
}

function agree<T extends string>(
  path: string,
  what: "symbol" | "interval",
  claims: readonly (readonly [where: string, value: T | undefined])[],
): T {
  const made = claims.filter((claim): claim is readonly [string, T] => claim[1] !== undefined);
  const [first] = made;
  if (first === undefined) {
    throw new AppError(
      "invalid_input",
      `Cannot read ${path}: neither its name nor its content states the ${what}; pass --${what}`,
    );
  }
  const other = made.find(([, value]) => value !== first[1]);
  if (other === undefined) return first[1];
  throw new AppError(
    "bad_payload",
    `Cannot trust ${path}: ${first[0]} says ${what} ${first[1]}, but ${other[0]} says ${other[1]}`,
  );
}

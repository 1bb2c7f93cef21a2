import { AppError } from "../core/errors.ts";
import type { Interval } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import type { KlineFile, NamedSeries, OpenedFile } from "../ports/archive_source.ts";
import { type CandleColumns, lackingColumns } from "./candle_columns.ts";
import { parseFileName, parseWrittenInterval, toSymbol } from "./file_names.ts";
import { checkRecords, type RecordBatch } from "./record_checks.ts";
import { type FileRecord, readRecord } from "./record_rows.ts";
import type { TablePart, TableRow } from "../ports/candle_table.ts";
import { readOpening, skipBanner, type TableOpening, type WrittenSeries } from "./table_opening.ts";
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

/**
 * Opens a file of another program: one series, or those that its columns name.
 *
 * @throws `bad_payload` for a file that holds no candles of the spot market, `invalid_input` for
 * one whose series is unknown
 */
export async function openFieldFile(file: FieldFile, named: NamedSeries): Promise<OpenedFile[]> {
  const opening = await readOpening(file.source, file.path, named.format);
  return opening.series.map((written) => {
    try {
      return { path: file.path, file: toKlineFile(file, opening, written, named) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { path: file.path, error };
    }
  });
}

function toKlineFile(
  file: FieldFile,
  opening: TableOpening,
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
function describeFormat({ format, columns }: TableOpening): string {
  const lacking = lackingColumns(columns).map((column) => column.replaceAll("_", " "));
  return lacking.length === 0 ? format.name : `${format.name} without ${lacking.join(", ")}`;
}

async function* readRecords(
  { source }: FieldFile,
  { columns, series }: TableOpening,
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

/**
 * Files that were joined repeat their header line; yfinance writes three, with `BTC-USD` in one.
 */
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
  { spacing }: TableOpening,
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

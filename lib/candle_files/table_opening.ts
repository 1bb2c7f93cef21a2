import type { FormatId } from "../core/candle_formats.ts";
import { AppError } from "../core/errors.ts";
import { endOf, type Interval, INTERVALS } from "../core/interval.ts";
import type { EpochMs } from "../core/time.ts";
import type { TableRow } from "../ports/candle_table.ts";
import {
  type CandleColumns,
  cellAt,
  isValueRow,
  namedColumns,
  positionalColumns,
} from "./candle_columns.ts";
import { readTime } from "./cell_values.ts";
import { type CandleFormat, detectFormat } from "./formats.ts";
import type { TableSource } from "./table_source.ts";

/** The beginning of a table: its columns, and the series that its rows name. */
export interface TableOpening {
  readonly columns: CandleColumns;
  readonly format: CandleFormat;
  /** Series that the table's own columns name, as written. */
  readonly series: readonly WrittenSeries[];
  /** Interval of the most common distance between rows. */
  readonly spacing: Interval | undefined;
}

/** A series as its columns name it. */
export interface WrittenSeries {
  readonly symbol: string | undefined;
  readonly interval: string | undefined;
}

/**
 * Reads the beginning of a table, or all of one that may name several series.
 *
 * @throws `bad_payload` for a table without the columns of a candle or of the wanted format
 */
export async function readOpening(
  source: TableSource,
  path: string,
  wanted: FormatId | undefined,
): Promise<TableOpening> {
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
        : namedColumns(first, path, rows[1]?.cells);
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
  const format = detectFormat({ columns, names, kind: source.kind }, wanted, path);
  // Without a readable time, reading reports the rows.
  const written = series.size === 0 ? [UNNAMED] : [...series.values()];
  return { columns, format, series: written, spacing: commonSpacing(times) };
}

const UNNAMED: WrittenSeries = { symbol: undefined, interval: undefined };

/** Times that are kept to find the distance between rows. */
const SPACING_ROWS = 500;

function noteRows(
  rows: readonly TableRow[],
  columns: CandleColumns,
  series: Map<string, WrittenSeries>,
  times: EpochMs[],
): void {
  const { places, width } = columns;
  const cell = (cells: readonly string[], column: "symbol" | "interval") =>
    places.has(column) ? cellAt(cells, column, columns) : undefined;
  for (const { cells } of rows) {
    if (cells?.length !== width) continue;
    const time = readTime(cellAt(cells, "open_time", columns));
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
export function skipBanner(rows: readonly TableRow[]): readonly TableRow[] {
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

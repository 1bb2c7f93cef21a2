import { AppError } from "../../core/errors.ts";
import { KLINE_COLUMNS } from "../../core/kline.ts";
import { ACCEPTED } from "./file_kind.ts";

/** Header names of the archive's columns; wick's own exports lack the last. */
const ARCHIVE_COLUMNS = [
  "open_time",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "close_time",
  "quote_volume",
  "count",
  "taker_buy_volume",
  "taker_buy_quote_volume",
  "ignore",
];

/** Position of each candle value in a file's rows. */
export interface CsvLayout {
  /** Position of each of KLINE_COLUMNS. */
  readonly places: readonly number[];
  /** Columns of each row. */
  readonly width: number;
  readonly hasHeader: boolean;
  /** The columns are the archive's. */
  readonly isArchive: boolean;
  /** Possibly rewritten by another program: exponents and other time formats are accepted. */
  readonly isRewritten: boolean;
}

/**
 * Detects a file's layout from its first row: a header with wick's or the archive's names in any
 * order, an index column of pandas in front allowed, or no header and 11 or 12 columns.
 *
 * @throws `bad_payload` for other columns
 */
export function readLayout(first: readonly string[], path: string): CsvLayout {
  const names = first.map((name) => name.trim().toLowerCase());
  if (/^[\d-]/.test(names[0] ?? "")) return positional(names.length, path);
  if (names.includes("symbol") && names.includes("interval")) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: it has several series in one table, which is not supported yet: ` +
        "export them with archive=zip",
    );
  }
  const isArchive = names.includes("open");
  const wanted = isArchive ? ARCHIVE_COLUMNS.slice(0, 11) : KLINE_COLUMNS;
  const places = wanted.map((name) => names.indexOf(name));
  const others = names.filter((name, i) => !places.includes(i) && !isIndex(name, i));
  const isUnknown = others.some((name) => name !== "ignore");
  if (places.includes(-1) || isUnknown || new Set(names).size < names.length) {
    const missing = wanted.filter((name) => !names.includes(name));
    if (missing.length === wanted.length) {
      const line = first.join().slice(0, 60);
      throw new AppError(
        "bad_payload",
        `Cannot read ${path}: its first line, ${JSON.stringify(line)}, is neither a candle nor a ` +
          `header line; ${ACCEPTED}`,
      );
    }
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: its header line must have the columns ${wanted.join()}` +
        `${missing.length === 0 ? "" : `; missing: ${missing.join()}`}`,
    );
  }
  return { places, width: names.length, hasHeader: true, isArchive, isRewritten: !isArchive };
}

/** The index column that pandas writes by default. */
function isIndex(name: string, place: number): boolean {
  return place === 0 && /^(|unnamed: 0|index)$/.test(name);
}

function positional(width: number, path: string): CsvLayout {
  if (width !== 11 && width !== 12) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: it has ${width} columns instead of 11 or 12; ${ACCEPTED}`,
    );
  }
  return {
    places: KLINE_COLUMNS.map((_, i) => i),
    width,
    hasHeader: false,
    isArchive: width === 12,
    isRewritten: width === 11,
  };
}

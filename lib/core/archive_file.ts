import { endOf, type Interval, intervalMs, isInterval, spellInNames } from "./interval.ts";
import type { Series } from "./kline.ts";
import { PAGE_ROWS } from "./request_weight.ts";
import { DAY_MS, type EpochMs, HOUR_MS, type TimeRange, toIso } from "./time.ts";

/**
 * A file of Binance's public archive: the candles of one series that open within a month or a day.
 * Source: github.com/binance/binance-public-data, README.
 */
export interface ArchiveFile extends Series {
  readonly period: "monthly" | "daily";
  readonly range: TimeRange;
  /** `BTCUSDT-1h-2024-01`; the zip, its checksum and the CSV in it are named after it. */
  readonly name: string;
}

export function archiveFile(
  { symbol, interval }: Series,
  period: ArchiveFile["period"],
  time: EpochMs,
): ArchiveFile {
  const day = toIso(time).slice(0, 10);
  const date = period === "monthly" ? day.slice(0, 7) : day;
  const from = Date.parse(period === "monthly" ? `${date}-01` : day);
  const to = period === "monthly" ? endOf(from, "1M") : from + DAY_MS;
  const name = `${symbol}-${spellInNames(interval)}-${date}`;
  return { symbol, interval, period, range: { from, to }, name };
}

/** Files have times in µs for candles that open from here on. */
export const MICROSECONDS_SINCE: EpochMs = Date.UTC(2025, 0);

/** Path of the zip below the archive's origin. */
export function archivePath({ period, name, ...series }: ArchiveFile): string {
  return encodeURI(`/${archiveFolder(period, series)}${name}.zip`);
}

/** Folder of all symbols, or of the files of a series, as the archive's listing names it. */
export function archiveFolder(period: ArchiveFile["period"], series?: Series): string {
  const own = series === undefined ? "" : `${series.symbol}/${spellInNames(series.interval)}/`;
  return `data/spot/${period}/klines/${own}`;
}

const NAME = /^(.+)-(\d{1,2}(?:mo|[smhdw]))-(\d{4}-\d{2})(-\d{2})?$/;

/**
 * Parses `BTCUSDT-1h-2024-01.zip` or `….csv`, the symbol in either case; `undefined` for other
 * names.
 */
export function parseArchiveName(fileName: string): ArchiveFile | undefined {
  const [, symbol, spelt, month, day] = NAME.exec(fileName.replace(/\.(zip|csv)$/i, "")) ?? [];
  const interval = spelt === "1mo" ? "1M" : spelt;
  if (symbol === undefined || interval === undefined || !isInterval(interval)) return undefined;
  const time = Date.parse(`${month}${day ?? "-01"}`);
  if (Number.isNaN(time)) return undefined;
  return archiveFile(
    { symbol: symbol.toUpperCase(), interval },
    day === undefined ? "monthly" : "daily",
    time,
  );
}

const SERIES_NAME = /^([^-]+)-(\d{1,2}(?:mo|[smhdwM]))(?:[.-].*)?\.(?:zip|csv|ZIP|CSV)$/;

/** Parses `BTCUSDT-1h.csv`, the name of exports; `undefined` for other names. */
export function parseSeriesName(fileName: string): Series | undefined {
  const [, symbol, spelt] = SERIES_NAME.exec(fileName) ?? [];
  const interval = spelt === "1mo" ? "1M" : spelt;
  if (!symbol || !interval || !isInterval(interval)) return undefined;
  return { symbol: symbol.toUpperCase(), interval };
}

/** Monthly files are published on the first Monday of the next month, the 7th at the latest. */
const MONTH_SETTLING_MS = 8 * DAY_MS;
/** Daily files are published the next day. */
const DAY_SETTLING_MS = 9 * HOUR_MS;
/** Files are checked in memory, and months of 1s candles are too large for that. */
const MAX_FILE_ROWS = 50_000;

/** The files with the candles of a range that should be published by `now`, newest first. */
export function archiveFilesOf(series: Series, { from, to }: TimeRange, now: EpochMs) {
  const files: ArchiveFile[] = [];
  for (let end = to; end > from;) {
    const month = archiveFile(series, "monthly", end - 1);
    const day = archiveFile(series, "daily", end - 1);
    const isMonthly = rowsOf(month) <= MAX_FILE_ROWS && month.range.to <= archivedUntil(now);
    const file = isMonthly ? month : day;
    const isOut = isMonthly ||
      day.range.to + DAY_SETTLING_MS <= now && intervalMs(series.interval) <= DAY_MS;
    if (isOut) files.push(file);
    end = file.range.from;
  }
  return files;
}

function rowsOf({ range, interval }: Pick<ArchiveFile, "range" | "interval">): number {
  return (range.to - range.from) / intervalMs(interval);
}

/** End of the newest month that should be published by `now`, exclusive. */
export function archivedUntil(now: EpochMs): EpochMs {
  const date = new Date(now - MONTH_SETTLING_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** True if a file saves more requests than its two downloads cost. */
export function isWorthwhile(file: Pick<ArchiveFile, "range" | "interval">): boolean {
  return rowsOf(file) >= 5 * PAGE_ROWS;
}

/**
 * Number of worthwhile files with the candles of a range before `archivedUntil`: as many as
 * `archiveFilesOf` lists, without listing them, since a page counts those of thousands of series.
 */
export function countArchiveFiles(interval: Interval, { from, to }: TimeRange): number {
  if (to <= from) return 0;
  const ofMonth = (days: number) => ({ range: { from: 0, to: days * DAY_MS }, interval });
  if (rowsOf(ofMonth(31)) > MAX_FILE_ROWS) {
    const days = Math.ceil(to / DAY_MS) - Math.floor(from / DAY_MS);
    return isWorthwhile(ofMonth(1)) ? days : 0;
  }
  if (!isWorthwhile(ofMonth(28))) return 0;
  const [first, last] = [new Date(from), new Date(to - 1)];
  const years = last.getUTCFullYear() - first.getUTCFullYear();
  return years * 12 + last.getUTCMonth() - first.getUTCMonth() + 1;
}

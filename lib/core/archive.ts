import { endOf, type Interval, isInterval } from "./interval.ts";
import type { Series } from "./kline.ts";
import { DAY_MS, type EpochMs, type TimeRange, toIso } from "./time.ts";

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

/** The archive spells the month interval differently: file names know no case on some systems. */
const spell = (interval: Interval) => interval === "1M" ? "1mo" : interval;

export function archiveFile(
  { symbol, interval }: Series,
  period: ArchiveFile["period"],
  time: EpochMs,
): ArchiveFile {
  const day = toIso(time).slice(0, 10);
  const date = period === "monthly" ? day.slice(0, 7) : day;
  const from = Date.parse(period === "monthly" ? `${date}-01` : day);
  const to = period === "monthly" ? endOf(from, "1M") : from + DAY_MS;
  const name = `${symbol}-${spell(interval)}-${date}`;
  return { symbol, interval, period, range: { from, to }, name };
}

/** Path of the zip below the archive's origin. */
export function archivePath({ symbol, interval, period, name }: ArchiveFile): string {
  return `/data/spot/${period}/klines/${encodeURIComponent(symbol)}/${spell(interval)}/` +
    `${encodeURIComponent(name)}.zip`;
}

const NAME = /^(.+)-(\d{1,2}(?:mo|[smhdw]))-(\d{4}-\d{2})(-\d{2})?$/;

/** Reads `BTCUSDT-1h-2024-01.zip` or `….csv`; `undefined` for names that mean nothing here. */
export function parseArchiveName(fileName: string): ArchiveFile | undefined {
  const [, symbol, spelt, month, day] = NAME.exec(fileName.replace(/\.(zip|csv)$/, "")) ?? [];
  const interval = spelt === "1mo" ? "1M" : spelt;
  if (symbol === undefined || interval === undefined || !isInterval(interval)) return undefined;
  const time = Date.parse(`${month}${day ?? "-01"}`);
  if (Number.isNaN(time)) return undefined;
  return archiveFile({ symbol, interval }, day === undefined ? "monthly" : "daily", time);
}

const SERIES_NAME = /^([^-]+)-(\d{1,2}(?:mo|[smhdwM]))(?:[.-].*)?\.(?:zip|csv)$/;

/** Reads `BTCUSDT-1h.csv`, as exports are named; `undefined` for names that mean nothing here. */
export function parseSeriesName(fileName: string): Series | undefined {
  const [, symbol, spelt] = SERIES_NAME.exec(fileName) ?? [];
  const interval = spelt === "1mo" ? "1M" : spelt;
  return symbol && interval && isInterval(interval) ? { symbol, interval } : undefined;
}

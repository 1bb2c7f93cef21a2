import type { ExportFormat, LineLayout } from "../ports/kline_exporter.ts";

/** Properties of a format. */
export interface FormatTraits {
  readonly mediaType: string;
  /** Of a file's name. */
  readonly extension: string;
  /** Format written by the database; `undefined`: typed columns, which become Parquet. */
  readonly lines: LineLayout["format"] | undefined;
  /** True if the parameter `time` may be `iso`. */
  readonly takesIsoTime: boolean;
  /** True if a file may hold several series, led by their names. */
  readonly takesSeveral: boolean;
  /** True if the place of each byte can be computed, so that `Range` is answered. */
  readonly hasRanges: boolean;
  /** True if the content is not compressed yet. */
  readonly isCompressible: boolean;
  /** Completes "CSV: …" in documentation. */
  readonly text: string;
}

/** All formats of exports. */
export const EXPORT_FORMATS: Readonly<Record<ExportFormat, FormatTraits>> = {
  csv: {
    mediaType: "text/csv; charset=utf-8; header=present",
    extension: "csv",
    lines: "csv",
    takesIsoTime: true,
    takesSeveral: true,
    hasRanges: true,
    isCompressible: true,
    text: "a header line, then a line per candle",
  },
  ndjson: {
    mediaType: "application/x-ndjson",
    extension: "ndjson",
    lines: "ndjson",
    takesIsoTime: true,
    takesSeveral: true,
    hasRanges: false,
    isCompressible: true,
    text: "a JSON object per line",
  },
  json: {
    mediaType: "application/json",
    extension: "json",
    lines: "json",
    takesIsoTime: true,
    takesSeveral: true,
    hasRanges: false,
    isCompressible: true,
    text: "one JSON array",
  },
  binance: {
    mediaType: "text/csv; charset=utf-8; header=absent",
    extension: "csv",
    lines: "binance",
    takesIsoTime: false,
    takesSeveral: false,
    hasRanges: false,
    isCompressible: true,
    text: "the public archive's 12 columns, without a header line",
  },
  parquet: {
    mediaType: "application/vnd.apache.parquet",
    extension: "parquet",
    lines: undefined,
    takesIsoTime: true,
    takesSeveral: true,
    hasRanges: false,
    isCompressible: false,
    text: "times as UTC timestamps in ms, prices and volumes as DECIMAL",
  },
};

export const FORMAT_NAMES = Object.keys(EXPORT_FORMATS) as ExportFormat[];

/** `csv, ndjson, json, binance or parquet` */
export const FORMAT_LIST = new Intl.ListFormat("en-GB", { type: "disjunction" })
  .format(FORMAT_NAMES);

import { LRUCache } from "lru-cache";
import { spellInNames } from "../core/interval.ts";
import type {
  ExportFormat,
  ExportQuery,
  KlineExporter,
  OpenExport,
  SeriesHead,
} from "../ports/kline_exporter.ts";
import { concat } from "./concat.ts";
import { EXPORT_FORMATS } from "./export_formats.ts";
import { type CsvMap, csvPart, mapCsv } from "./csv_part.ts";
import { packInWorker } from "./in_worker.ts";
import { toJsonArray } from "./json_array.ts";
import { pack, type PackJob } from "./pack.ts";
import { needsZip64, type Part } from "./zip_stream.ts";
import { PARQUET_MAGIC, parquetParts, partsOf } from "./parquet_file.ts";
import { whenDone } from "./when_done.ts";

/** The layout of candles in a file. */
export interface FileLayout {
  readonly format: ExportFormat;
  /** Format of times; `binance` always has ms, and Parquet a timestamp type. */
  readonly time: "iso" | "ms";
  /** True if each series is a separate file in a zip. */
  readonly archive?: "zip";
  /** Set when the series are the universe of a day. */
  readonly universe?: UniverseFile | undefined;
}

/** The universe of a day as part of an export. */
export interface UniverseFile {
  /** Name of the file, without its extension. */
  readonly name: string;
  /** Symbols of that day, and how many of them the file has. */
  readonly symbols: number;
  readonly held: number;
  /** The list of these symbols as CSV: a file of the zip. */
  readonly list: string;
}

export interface FileRequest extends ExportQuery, FileLayout {}

/** An opened export, to be read as a file. */
export interface ExportFile {
  readonly heads: readonly SeriesHead[];
  /**
   * The file's bytes; call it once, instead of `close`. On any failure the stream errors instead of
   * ending. All resources are released at its end, failure or cancellation.
   */
  bytes(): ReadableStream<Uint8Array>;
  /**
   * Byte positions of the CSV. `name` identifies its content: maps are cached under it, so a client
   * that disconnected finds the map in its next request.
   */
  map(name: string): Promise<CsvMap>;
  /** A part of `bytes`. */
  part(map: CsvMap, range: { first: number; last: number }): ReadableStream<Uint8Array>;
  close(): Promise<void>;
}

const MAX_MAPS = 200;
const maps = new LRUCache<string, Promise<CsvMap>>({ max: MAX_MAPS });

/** @throws the errors of `KlineExporter.open` */
export async function openExportFile(
  exporter: KlineExporter,
  request: FileRequest,
): Promise<ExportFile> {
  const open = await exporter.open(request);
  const close = () => open.close();
  return {
    heads: open.heads,
    bytes: () => whenDone(fileBytes(open, request), close),
    map(name) {
      const known = maps.get(name);
      if (known) return known;
      const map = mapCsv(open, request.time);
      maps.set(name, map);
      map.catch(() => maps.delete(name));
      return map;
    },
    part: (map, range) => whenDone(csvPart(open, request.time, map, range), close),
    close,
  };
}

/** Fewer candles are packed in this thread, because starting a worker takes longer. */
const WORKER_ROWS = 20_000;

/**
 * Packs candles, in a separate thread when there are many of them. Takes over the parts' memory.
 */
export function packRows(
  job: PackJob,
  parts: ReadableStream<Part>,
  heads: readonly SeriesHead[],
): ReadableStream<Uint8Array> {
  const isLong = countRows(heads) > WORKER_ROWS;
  return (isLong ? packInWorker : pack)(job, parts);
}

const countRows = (heads: readonly SeriesHead[]) => heads.reduce((sum, { rows }) => sum + rows, 0);

/** True if candles come as typed columns and not as lines. */
const isTyped = ({ format }: FileLayout) => EXPORT_FORMATS[format].lines === undefined;

function fileBytes(open: OpenExport, layout: FileLayout): ReadableStream<Uint8Array> {
  const { heads } = open;
  const isParquet = isTyped(layout);
  if (layout.archive !== undefined) {
    const job = { kind: "zip", isParquet, isLarge: needsZip64(countRows(heads)) } as const;
    return packRows(job, ReadableStream.from(archiveParts(open, layout)), heads);
  }
  const all = heads.map((_, index) => index);
  if (!isParquet) return linesOf(open, all, layout);
  const job = { kind: "parquet", isNamed: isNamed(all, layout) } as const;
  const parts = ReadableStream.from<Part>(parquetParts(open, all));
  // The magic bytes are sent before the candles are measured, so that the client sees a response.
  return concat([() => ReadableStream.from([PARQUET_MAGIC]), () => packRows(job, parts, heads)]);
}

async function* archiveParts(open: OpenExport, layout: FileLayout): AsyncGenerator<Part> {
  if (layout.universe !== undefined) {
    yield { entry: `${layout.universe.name}.csv`, time: undefined, isPlain: true };
    yield new TextEncoder().encode(layout.universe.list);
  }
  for (const [index, head] of open.heads.entries()) {
    yield { entry: entryName(head, layout.format), time: head.lastOpenTime };
    if (isTyped(layout)) yield* parquetParts(open, [index]);
    else yield* linesOf(open, [index], layout);
  }
}

const isNamed = (indexes: readonly number[], { universe, archive }: FileLayout) =>
  indexes.length > 1 || (universe !== undefined && archive === undefined);

/** Candles of several series in one file have leading columns with symbol and interval. */
function linesOf(
  open: OpenExport,
  indexes: readonly number[],
  layout: FileLayout,
): ReadableStream<Uint8Array> {
  const { format, time } = layout;
  const written = EXPORT_FORMATS[format].lines!;
  const parts = indexes.flatMap((index) =>
    partsOf(open.heads[index]!).map((part) => ({ index, part }))
  );
  const lines = concat(
    parts.map(({ index, part }, position) => () =>
      open.lines(index, {
        format: written,
        time,
        isNamed: isNamed(indexes, layout),
        hasHeader: position === 0,
      }, part)
    ),
  );
  return written === "json" ? toJsonArray(lines) : lines;
}

/**
 * `ETHUSDT-4h.csv`, `ETHUSDT-4h-from-1h.csv` for derived candles, `ETHUSDT-4h-with-imported.csv`,
 * or `candles.csv` when it holds several series.
 */
export function exportFileName(
  { format, archive, universe, isImported }: FileRequest,
  heads: readonly SeriesHead[],
): string {
  const [first] = heads;
  const name = universe?.name ??
    (heads.length === 1
      ? seriesFile(first!, first!.interval)
      : isImported
      ? `candles-${WITH_IMPORTED}`
      : "candles");
  return `${name}.${archive ?? EXPORT_FORMATS[format].extension}`;
}

function entryName(head: SeriesHead, format: ExportFormat): string {
  return `${seriesFile(head, spellInNames(head.interval))}.${EXPORT_FORMATS[format].extension}`;
}

const WITH_IMPORTED = "with-imported";

function seriesFile({ symbol, derived, imported }: SeriesHead, interval: string): string {
  const marks = [
    ...derived === undefined ? [] : [`from-${derived.from}`],
    ...imported === undefined ? [] : [WITH_IMPORTED],
  ];
  return [symbol, interval, ...marks].join("-");
}

import { LRUCache } from "lru-cache";
import type { Series } from "../core/kline.ts";
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
import { PARQUET_MAGIC, parquetParts } from "./parquet_file.ts";
import { whenDone } from "./when_done.ts";

/** How candles become a file. */
export interface FileLayout {
  readonly format: ExportFormat;
  /** How times are written; `binance` always writes ms, and Parquet has a type for them. */
  readonly time: "iso" | "ms";
  /** A file for each series, in one. */
  readonly archive?: "zip";
}

export interface FileRequest extends ExportQuery, FileLayout {}

/** An export about to leave as a file. */
export interface ExportFile {
  readonly heads: readonly SeriesHead[];
  /**
   * The file, once, instead of `close`. The stream fails, rather than ends, when anything does; at
   * its end, its failure and its cancellation nothing is held any more.
   */
  bytes(): ReadableStream<Uint8Array>;
  /**
   * Where the bytes of the CSV lie. `name` stands for its content: maps are kept under it, and a
   * reader who gave up waiting finds it when asking again.
   */
  map(name: string): Promise<CsvMap>;
  /** As `bytes`, some of them. */
  part(map: CsvMap, range: { first: number; last: number }): ReadableStream<Uint8Array>;
  close(): Promise<void>;
}

const MAX_MAPS = 200;
const maps = new LRUCache<string, Promise<CsvMap>>({ max: MAX_MAPS });

/** @throws what `KlineExporter.open` does */
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

/** Fewer are packed here: starting a thread would take longer. */
const WORKER_ROWS = 20_000;

/** Packs candles, in a separate thread when there are many of them. Takes over the parts' memory. */
export function packRows(
  job: PackJob,
  parts: ReadableStream<Part>,
  heads: readonly SeriesHead[],
): ReadableStream<Uint8Array> {
  const isLong = countRows(heads) > WORKER_ROWS;
  return (isLong ? packInWorker : pack)(job, parts);
}

const countRows = (heads: readonly SeriesHead[]) => heads.reduce((sum, { rows }) => sum + rows, 0);

/** Whether candles come as typed columns and not as lines. */
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
  const job = { kind: "parquet", isNamed: heads.length > 1 } as const;
  const parts = ReadableStream.from<Part>(parquetParts(open, all));
  // The magic leaves before the candles are measured: the reader is told at once that they come.
  return concat([() => ReadableStream.from([PARQUET_MAGIC]), () => pack(job, parts)]);
}

async function* archiveParts(open: OpenExport, layout: FileLayout): AsyncGenerator<Part> {
  for (const [index, head] of open.heads.entries()) {
    yield { entry: entryName(head, layout.format), time: head.lastOpenTime };
    if (isTyped(layout)) yield* parquetParts(open, [index]);
    else yield* linesOf(open, [index], layout);
  }
}

/** Candles of several series in one file begin with columns that say whose they are. */
function linesOf(
  open: OpenExport,
  indexes: readonly number[],
  { format, time }: FileLayout,
): ReadableStream<Uint8Array> {
  const isNamed = indexes.length > 1;
  const written = EXPORT_FORMATS[format].lines!;
  const lines = concat(
    indexes.map((index, position) => () =>
      open.lines(index, { format: written, time, isNamed, hasHeader: position === 0 })
    ),
  );
  return written === "json" ? toJsonArray(lines) : lines;
}

/** `ETHUSDT-4h.csv`, or `candles.csv` when it holds several series. */
export function exportFileName({ series, format, archive }: FileRequest): string {
  const [first] = series;
  const name = series.length === 1 ? `${first!.symbol}-${first!.interval}` : "candles";
  return `${name}.${archive ?? EXPORT_FORMATS[format].extension}`;
}

/** `1M` is spelled as in the exchange's archive: names that differ by case only overwrite each other. */
function entryName({ symbol, interval }: Series, format: ExportFormat): string {
  return `${symbol}-${interval === "1M" ? "1mo" : interval}.${EXPORT_FORMATS[format].extension}`;
}

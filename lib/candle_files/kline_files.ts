import { basename, resolve } from "node:path";
import { parseArchiveName } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import type { ForeignTables } from "../ports/candle_table.ts";
import type { KlineFiles, NamedSeries, OpenedFile } from "../ports/archive_source.ts";
import { readKlineCsv } from "../binance/files/kline_csv.ts";
import { listCsvFiles, readZipped, readZippedCsv } from "../binance/files/kline_zip.ts";
import { DiskReader, readBytes, readHead, sizeOf, verifyChecksum } from "./disk_file.ts";
import { type FieldFile, openFieldFile } from "./field_files.ts";
import { derivedCandles } from "./candle_columns.ts";
import { parseFileName } from "./file_names.ts";
import { findFiles, findScheme, isDatabase, isPattern } from "./find_files.ts";
import { detectKind } from "./kinds.ts";
import { isSpotLayout, openSpotFile, type SpotTable } from "./spot_file.ts";
import {
  decompressed,
  firstLineOf,
  headOf,
  openBinarySources,
  type OpenBytes,
  openTextSource,
} from "./table_source.ts";

/**
 * Candle files on this machine, of Binance's archive, of wick, and of other programs, and tables of
 * other databases.
 */
export function createKlineFiles(tables: ForeignTables): KlineFiles {
  return {
    find: findFiles,
    async open(path, named) {
      if (isDatabase(path)) {
        return await catching(DATABASE, () => openDatabase(tables, path, named));
      }
      const scheme = findScheme(path);
      const name = scheme === undefined ? path : `${scheme}://…`;
      return await catching(name, async () => {
        await requirePath(path, scheme);
        return await openAll(path, named);
      });
    },
  };
}

/** @throws `invalid_input` for text that is no path, `not_found` for a pattern without files */
async function requirePath(path: string, scheme: string | undefined): Promise<void> {
  if (path.trim() === "") {
    throw new AppError("invalid_input", "Cannot read a file without a name: an argument is empty");
  }
  if (scheme !== undefined) {
    const way = /^(https?|ftp|s3)$/i.test(scheme)
      ? "download it first"
      : "name a file, a folder, or a postgres:// address";
    throw new AppError("invalid_input", `Cannot read from ${scheme}://…: ${way}`);
  }
  if (!isPattern(path) || await Deno.stat(path).then(() => true, () => false)) return;
  throw new AppError("not_found", `Cannot read ${path}: no file matches`);
}

/** Stands for a database in messages, because its address can contain a password. */
const DATABASE = "the database";
/** Bytes of a candle as CSV, for estimates. */
const ROW_BYTES = 110;

async function openDatabase(
  tables: ForeignTables,
  url: string,
  named: NamedSeries,
): Promise<OpenedFile[]> {
  const { name, series } = await tables.open(url, named.table);
  if (series.length === 0) {
    throw new AppError("bad_payload", `Cannot read ${name}: it has no rows`);
  }
  const opened: OpenedFile[] = [];
  for (const { exchange, rows, read } of series) {
    const source = { kind: "database", isOneSeries: true, read } as const;
    const file: FieldFile = {
      path: exchange === undefined ? name : `${name}, ${exchange}`,
      names: [],
      places: [],
      bytes: rows * ROW_BYTES,
      isZip: false,
      isChecked: false,
      source,
    };
    opened.push(
      ...await catching(file.path, () => {
        requireSpotExchange(file.path, exchange, named);
        return openFieldFile(file, named);
      }),
    );
  }
  return opened;
}

/** @throws `bad_payload` for an exchange that is not Binance's spot market */
function requireSpotExchange(path: string, exchange: string | undefined, named: NamedSeries): void {
  if (exchange === undefined || /^binance( spot)?$/i.test(exchange) || named.isTolerant) return;
  throw new AppError("bad_payload", `Cannot import ${path}: it is not Binance's spot market`);
}

/** An expected failure becomes the result. */
async function catching(
  path: string,
  work: () => OpenedFile[] | Promise<OpenedFile[]>,
): Promise<OpenedFile[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ path, error }];
  }
}

/** Facts about a file that its tables share. */
type FileFacts = Omit<SpotTable, "read">;

async function openAll(path: string, named: NamedSeries): Promise<OpenedFile[]> {
  const bytes = await sizeOf(path);
  const kind = detectKind(await readHead(path), path);
  requireSpotName(path, basename(path), named);
  const facts: FileFacts = {
    path,
    names: [basename(path)],
    places: [path, resolve(path)],
    bytes,
    isChecked: await verifyChecksum(path),
    isArchive: parseArchiveName(basename(path)) !== undefined,
    isZip: kind === "zip",
  };
  if (kind === "zip") return await openZip(facts, named);
  if (kind === "arrow" || kind === "parquet" || kind === "sqlite") {
    const sources = await openBinarySources(kind, path);
    const opened = sources.map((source) => openFieldFile({ ...facts, source }, named));
    return (await Promise.all(opened)).flat();
  }
  const plain = () => readBytes(path);
  const isPacked = kind === "gzip" || kind === "zstd";
  return await openText(facts, isPacked ? decompressed(plain, kind, path) : plain, named);
}

async function openZip(facts: FileFacts, named: NamedSeries): Promise<OpenedFile[]> {
  const { path, isArchive, names, places } = facts;
  const zip = { path, reader: () => new DiskReader(path) };
  const entries = await listCsvFiles(zip);
  const opened: OpenedFile[] = [];
  for (const entry of entries) {
    const isOnly = entries.length === 1;
    const inZip = isOnly ? path : `${path}/${entry}`;
    const inner: FileFacts = {
      ...facts,
      path: inZip,
      // The name of a zip with several CSVs states no series, unless it is an archive file.
      names: isOnly || isArchive ? [...names, entry] : [entry],
      places: [...places, entry],
      bytes: facts.bytes / entries.length,
    };
    const read = () => readZipped(zip, entry, inZip);
    const asCsv = () => readZippedCsv(zip, entry, inZip);
    opened.push(
      ...await catching(inZip, () => {
        requireSpotName(inZip, basename(entry), named);
        return openText(inner, read, named, asCsv);
      }),
    );
  }
  return opened;
}

/** Formats of `--format` whose files wick reads strictly, row by row. */
const STRICT = [undefined, "wick", "binance-api"];

async function openText(
  facts: FileFacts,
  bytes: OpenBytes,
  named: NamedSeries,
  readCsv = () => readKlineCsv(bytes(), facts.path),
): Promise<OpenedFile[]> {
  const isNamedSo = facts.isZip || parseArchiveName(facts.names.at(-1)!) !== undefined;
  const head = await headOf(bytes());
  const line = firstLineOf(head, facts.path);
  if (!named.isTolerant && STRICT.includes(named.format) && isSpotLayout(line, isNamedSo)) {
    return [openSpotFile({ ...facts, read: readCsv }, named)];
  }
  const file: FieldFile = { ...facts, source: openTextSource(bytes, head, facts.path) };
  return await openFieldFile(file, named);
}

/** @throws `bad_payload` for a name that states another market */
function requireSpotName(path: string, name: string, named: NamedSeries): void {
  const { foreign, derivedFrom } = parseFileName(name);
  if (derivedFrom !== undefined) throw derivedCandles(path, derivedFrom);
  if (foreign === undefined || named.isSpot || named.isTolerant) return;
  throw new AppError(
    "bad_payload",
    `Cannot import ${path} as spot candles of Binance: ${foreign}. If they are, import it with ` +
      "--market spot",
  );
}

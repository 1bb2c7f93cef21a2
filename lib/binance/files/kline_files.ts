import { basename, resolve } from "node:path";
import { Reader } from "@zip.js/zip.js";
import { type ArchiveFile, parseArchiveName, parseSeriesName } from "../../core/archive_file.ts";
import { AppError } from "../../core/errors.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import type { KlineFile, KlineFiles, NamedSeries, OpenedFile } from "../../ports/archive_source.ts";
import { checkSum } from "./checksum.ts";
import { HEAD_BYTES, requireKind } from "./file_kind.ts";
import { findFiles } from "./find_files.ts";
import { checkKlines } from "./kline_checks.ts";
import { type CsvPart, readKlineCsv } from "./kline_csv.ts";
import { listCsvFiles, readZippedCsv } from "./kline_zip.ts";

/** Candle files on this machine: zips and CSVs of the archive, or CSVs that wick exported. */
export function createKlineFiles(): KlineFiles {
  return {
    find: findFiles,
    async open(path, named) {
      try {
        return await openAll(path, named);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return [{ path, error }];
      }
    },
  };
}

/** A CSV file, or a CSV inside a zip. */
interface Table {
  /** For messages. */
  readonly path: string;
  /** Names that may contain the series, the more reliable first. */
  readonly names: readonly string[];
  /**
   * True if the file's own name, not only that of a CSV inside it, follows the archive's naming.
   */
  readonly isArchive: boolean;
  /** Names that may indicate another market. */
  readonly places: readonly string[];
  readonly bytes: number;
  readonly isZip: boolean;
  readonly isChecked: boolean;
  read(): AsyncIterable<CsvPart>;
}

async function openAll(path: string, named: NamedSeries): Promise<OpenedFile[]> {
  const bytes = await sizeOf(path);
  const kind = requireKind(await readHead(path), path);
  const isChecked = await check(path);
  const places = [path, resolve(path)];
  const isArchive = parseArchiveName(basename(path)) !== undefined;
  const own = { names: [basename(path)], bytes, isChecked, isArchive, isZip: kind === "zip" };
  if (kind === "csv") {
    return [open({ ...own, path, places, read: () => readCsv(path) }, named)];
  }
  const zip = { path, reader: () => new DiskReader(path) };
  const entries = await listCsvFiles(zip);
  return entries.map((entry) => {
    const isOnly = entries.length === 1;
    const inZip = isOnly ? path : `${path}/${entry}`;
    return open({
      ...own,
      path: inZip,
      // The name of a zip with several CSVs states no series, unless it is an archive file.
      names: isOnly || isArchive ? [...own.names, entry] : [entry],
      bytes: bytes / entries.length,
      places: [...places, entry],
      read: () => readZippedCsv(zip, entry, inZip),
    }, named);
  });
}

function open(table: Table, named: NamedSeries): OpenedFile {
  const { path, bytes, isZip, isChecked, places } = table;
  try {
    const names = table.names.map((name) => basename(name));
    const archives = names.map(parseArchiveName);
    const series = requireSeries(path, names, archives, named);
    const archive = archives[0];
    const claim = { places, isZip, isArchiveName: archives.some((one) => one !== undefined) };
    const isTrusted = isChecked && table.isArchive && named.isSpot !== true;
    const file: KlineFile = {
      ...series,
      path,
      bytes,
      isZip,
      isChecked,
      // A file without a checksum may come from any program.
      origin: isTrusted && archive ? archive.period : "file",
      candles: () =>
        checkKlines(table.read(), {
          path,
          interval: series.interval,
          range: archive?.range,
          claim,
        }),
    };
    return { path, file };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { path, error };
  }
}

/** @throws `invalid_input` without a series, `bad_payload` when names contradict each other */
function requireSeries(
  path: string,
  names: readonly string[],
  archives: readonly (ArchiveFile | undefined)[],
  named: NamedSeries,
): Series {
  const found = names.flatMap((name, i) => archives[i] ?? parseSeriesName(name) ?? []);
  const [first, other] = found;
  const isOther = other !== undefined && seriesName(other) !== seriesName(first!);
  const [period, otherPeriod] = archives;
  const inner = names[1];
  const isForeign = inner !== undefined && first && namesOtherSymbol(inner, first.symbol);
  if (isOther || isForeign || period && otherPeriod && period.name !== otherPeriod.name) {
    throw new AppError(
      "bad_payload",
      `Cannot trust ${path}: the CSV inside is ${names[1]}, which is another series or period`,
    );
  }
  const symbol = named.symbol ?? first?.symbol;
  const interval = named.interval ?? first?.interval;
  if (symbol === undefined || interval === undefined) {
    throw new AppError(
      "invalid_input",
      `Cannot read ${path}: its name does not contain the series; pass --symbol and --interval`,
    );
  }
  if (first && (symbol !== first.symbol || interval !== first.interval)) {
    throw new AppError(
      "invalid_input",
      `Cannot import ${path} as ${seriesName({ symbol, interval })}: it is ${seriesName(first)}`,
    );
  }
  return { symbol, interval };
}

/** True if a name such as `ETHUSDT_1h.csv` or `eth-usdt.csv` contains another symbol. */
function namesOtherSymbol(name: string, symbol: string): boolean {
  const letters = name.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
  return /^[\p{L}\p{N}]{2,}(USDT|USDC|FDUSD|TUSD|BUSD)/u.test(letters) && !letters.includes(symbol);
}

async function sizeOf(path: string): Promise<number> {
  const { isFile, isDirectory, size } = await reading(path, () => Deno.stat(path));
  if (isFile) return size;
  const reason = isDirectory ? "this folder cannot be read" : "it is not a file";
  throw new AppError("not_found", `Cannot read ${path}: ${reason}`);
}

async function readHead(path: string): Promise<Uint8Array> {
  const reader = new DiskReader(path);
  await reading(path, () => reader.init());
  return await reading(path, () => reader.readUint8Array(0, HEAD_BYTES));
}

/** Returns true if the file has a checksum file; throws if it does not match. */
async function check(path: string): Promise<boolean> {
  const line = await Deno.readTextFile(`${path}.CHECKSUM`).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new AppError("not_found", `Cannot read ${path}.CHECKSUM: ${error.message}`);
  });
  if (line === undefined) return false;
  const file = await reading(path, () => Deno.open(path));
  await checkSum(file.readable, line, basename(path), path);
  return true;
}

async function* readCsv(path: string): AsyncGenerator<CsvPart> {
  const file = await reading(path, () => Deno.open(path));
  yield* readKlineCsv(file.readable, path);
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isAbsent = cause instanceof Deno.errors.NotFound;
    const reason = isAbsent ? "no such file" : (cause as Error).message;
    throw new AppError("not_found", `Cannot read ${path}: ${reason}`);
  }
}

/** Reads parts of a zip on disk, so that no zip is held in memory. */
class DiskReader extends Reader<string> {
  #path: string;

  constructor(path: string) {
    super(path);
    this.#path = path;
  }

  override async init(): Promise<void> {
    this.size = (await Deno.stat(this.#path)).size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    using file = await Deno.open(this.#path);
    await file.seek(index, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = await file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }
}

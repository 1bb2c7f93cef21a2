import { Buffer } from "node:buffer";
import { configure, type Entry, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { AppError } from "../../core/errors.ts";
import { HEAD_BYTES, requireCsv } from "./file_kind.ts";
import { type CsvPart, readKlineCsv } from "./kline_csv.ts";

configure({ useWebWorkers: false });

const MAX_ENTRIES = 10_000;
/** A year of 1s candles has 4 GB; candles shrink to a quarter or a tenth. */
const MAX_ENTRY_BYTES = 8 * 1024 ** 3;
const MAX_RATIO = 200;
/** Smallest size at which the ratio is checked. */
const RATIO_FREE_BYTES = 16 * 1024 ** 2;

/** A zip, and its name in messages. */
export interface ZipFile {
  readonly reader: () => Reader<unknown>;
  readonly path: string;
}

/**
 * Lists the CSV files in a zip, without files added by operating systems.
 *
 * @throws `bad_payload` for a zip that is truncated, damaged, encrypted, a workbook, or without
 *   CSV
 */
export async function listCsvFiles(zip: ZipFile): Promise<string[]> {
  const reader = new ZipReader(zip.reader());
  try {
    return csvEntries(await reader.getEntries(), zip.path).map(({ filename }) => filename);
  } catch (cause) {
    throw toZipError(cause, zip.path);
  } finally {
    await reader.close();
  }
}

/**
 * Reads the candles of a CSV in a zip, and checks its CRC at the end.
 *
 * @param path the CSV's name in messages
 * @throws `bad_payload`
 */
export async function* readZippedCsv(
  zip: ZipFile,
  name: string,
  path: string,
): AsyncGenerator<CsvPart> {
  yield* readKlineCsv(requireText(readZipped(zip, name, path), path), path);
}

/**
 * Reads a file in a zip, and checks its CRC at the end.
 *
 * @param path the file's name in messages
 * @throws `bad_payload`
 */
export async function* readZipped(
  zip: ZipFile,
  name: string,
  path: string,
): AsyncGenerator<Uint8Array> {
  const reader = new ZipReader(zip.reader(), { checkSignature: true });
  const stop = new AbortController();
  try {
    const entries = csvEntries(await reader.getEntries(), zip.path);
    const entry = entries.find(({ filename }) => filename === name);
    if (entry === undefined) {
      throw new AppError("bad_payload", `Cannot read ${path}: the zip changed while it was read`);
    }
    yield* unzip(entry, zip.path, stop.signal);
  } catch (cause) {
    throw toZipError(cause, zip.path);
  } finally {
    stop.abort();
    await reader.close();
  }
}

/** Passes bytes on after checking that they begin as CSV. */
async function* requireText(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array();
  for await (const chunk of bytes) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    requireCsv(head.subarray(0, HEAD_BYTES), path);
    yield head;
    head = undefined;
  }
  if (head === undefined) return;
  requireCsv(head, path);
  yield head;
}

/** Folders, hidden files, and files that macOS and Windows add to zips. */
const JUNK = /(^|\/)(__MACOSX\/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)/i;

function csvEntries(all: readonly Entry[], path: string) {
  const fail = (reason: string) => new AppError("bad_payload", `Cannot read ${path}: ${reason}`);
  if (all.length > MAX_ENTRIES) throw fail(`it contains more than ${MAX_ENTRIES} files`);
  if (all.some(({ filename }) => filename === "[Content_Types].xml")) {
    throw fail("it is an Excel workbook: save its sheet as CSV (UTF-8)");
  }
  const files = all.filter((entry): entry is FileEntry => !entry.directory)
    .filter(({ filename }) => !JUNK.test(filename));
  const csv = files.filter(({ filename }) => /\.csv$/i.test(filename));
  if (files.length === 0) throw fail("the zip is empty");
  if (csv.length === 0) {
    throw fail(`the zip contains no CSV file, only ${files[0]!.filename}: extract it`);
  }
  if (csv.some(({ encrypted }) => encrypted)) {
    throw fail("it is encrypted: extract it with its password and import the CSV");
  }
  return csv;
}

function unzip(
  entry: FileEntry,
  path: string,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, out) {
      bytes += chunk.length;
      const isBomb = bytes > RATIO_FREE_BYTES && bytes > entry.compressedSize * MAX_RATIO;
      if (!isBomb && bytes <= MAX_ENTRY_BYTES) return out.enqueue(chunk);
      throw new AppError(
        "bad_payload",
        `Cannot read ${path}: ${entry.filename} extracts to more data than candles can have ` +
          `(${bytes} bytes of ${entry.compressedSize})`,
      );
    },
  });
  entry.getData(writable, { signal }).catch((error) => writable.abort(error).catch(() => {}));
  return readable;
}

/** Messages of zip.js by the library's constants, replaced by instructions. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /end of central directory|format is not recognized|central directory|eocdr/i,
    "the zip is truncated or corrupt: download it again",
  ],
  [
    /invalid (signature|checksum)|crc/i,
    "the zip is corrupt (CRC-32 mismatch): download it again",
  ],
  [/encrypt|password/i, "it is encrypted: extract it with its password and import the CSV"],
  [/compression method/i, "its compression method is not supported: compress it with deflate"],
  [/split/i, "it is one part of a split zip: join the parts"],
];

function toZipError(cause: unknown, path: string): unknown {
  if (cause instanceof AppError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const words = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ??
    `the zip is corrupt (${reason}): download it again`;
  return new AppError("bad_payload", `Cannot unzip ${path}: ${words}`);
}

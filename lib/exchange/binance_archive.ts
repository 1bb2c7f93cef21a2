import { createHash } from "node:crypto";
import { BlobReader, configure, type Entry, ZipReader } from "@zip.js/zip.js";
import { type ArchiveFile, archivePath } from "../core/archive.ts";
import { AppError } from "../core/errors.ts";
import type { Kline } from "../core/kline.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { ArchiveSource } from "../ports.ts";
import { readKlineCsv } from "./kline_csv.ts";

export interface ArchiveOptions {
  /** Origin, such as `https://data.binance.vision`. */
  readonly url: string;
  readonly fetch: typeof fetch;
}

/** A month of 1s candles has 60 MB. */
const TIMEOUT_MS = 5 * MINUTE_MS;

configure({ useWebWorkers: false });

/** Binance's public archive over HTTP. */
export function createArchive(options: ArchiveOptions): ArchiveSource {
  return {
    async open(file, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const path = archivePath(file);
      const zip = await get(options, path, limit);
      const checksum = zip && await get(options, `${path}.CHECKSUM`, limit);
      if (zip === undefined) return undefined;
      if (checksum === undefined) {
        throw new AppError("bad_payload", `Cannot trust ${file.name}.zip: it has no checksum`);
      }
      await checkSum(zip, await checksum.text(), `${file.name}.zip`);
      return readKlineZip(zip, file);
    },
  };
}

async function get(
  { url, fetch }: ArchiveOptions,
  path: string,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  try {
    const response = await fetch(url + path, { signal });
    if (response.ok) return await response.blob();
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    throw new AppError("exchange_unavailable", `Cannot get ${url}${path}: HTTP ${response.status}`);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("exchange_unavailable", `Cannot get ${url}${path}: ${reason}`, { cause });
  }
}

/**
 * Compares a file with the line that `sha256sum -c` reads: digest, two spaces, name.
 *
 * @throws `bad_payload` when they differ, or the line says nothing about this file
 */
export async function checkSum(file: Blob, line: string, name: string): Promise<void> {
  const [, wanted, named] = /^([0-9a-f]{64}) [ *](\S+)\s*$/.exec(line) ?? [];
  if (wanted === undefined || named !== name) {
    throw new AppError(
      "bad_payload",
      `Cannot trust ${name}: its checksum file says something else`,
    );
  }
  const hash = createHash("sha256");
  for await (const chunk of file.stream()) hash.update(chunk);
  const found = hash.digest("hex");
  if (found === wanted) return;
  throw new AppError("bad_payload", `Cannot trust ${name}: its SHA-256 is ${found}, not ${wanted}`);
}

/**
 * Candles of a zip that holds one CSV, its CRC checked.
 *
 * @throws `bad_payload` for a zip that is cut, broken or holds something else, and for candles
 *   outside of the file's period
 */
export async function* readKlineZip(zip: Blob, file: ArchiveFile): AsyncGenerator<Kline[]> {
  const reader = new ZipReader(new BlobReader(zip), { checkSignature: true });
  try {
    const entries = await reader.getEntries();
    yield* readKlines(unzip(requireOneCsv(entries, file)), file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_payload", `Cannot unzip ${file.name}.zip: ${reason}`, { cause });
  } finally {
    await reader.close();
  }
}

function requireOneCsv(entries: readonly Entry[], { name }: ArchiveFile) {
  const [entry, ...others] = entries.filter((entry) => !entry.directory);
  if (entry !== undefined && !entry.directory && others.length === 0) return entry;
  throw new AppError("bad_payload", `Cannot read ${name}.zip: it holds ${entries.length} files`);
}

function unzip(entry: Extract<Entry, { directory: false }>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  entry.getData(writable).catch((error) => writable.abort(error).catch(() => {}));
  return readable;
}

/** Candles of a CSV, each checked to lie in the file's period. */
export async function* readKlines(
  csv: ReadableStream<Uint8Array>,
  { name, range }: Pick<ArchiveFile, "name" | "range">,
): AsyncGenerator<Kline[]> {
  for await (const klines of readKlineCsv(csv, `${name}.csv`)) {
    const stranger = klines.find(({ openTime }) => openTime < range.from || openTime >= range.to);
    if (stranger !== undefined) {
      throw new AppError(
        "bad_payload",
        `Cannot trust ${name}.csv: a candle opens at ${stranger.openTime}, outside of its period`,
      );
    }
    yield klines;
  }
}

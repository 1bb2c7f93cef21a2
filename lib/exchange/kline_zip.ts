import { BlobReader, configure, type Entry, ZipReader } from "@zip.js/zip.js";
import { AppError } from "../core/errors.ts";
import type { Kline } from "../core/kline.ts";
import { readKlineCsv } from "./kline_csv.ts";

configure({ useWebWorkers: false });

/**
 * Candles of a zip that holds one CSV, its CRC checked at the end.
 *
 * @throws `bad_payload` for a zip that is cut, broken or holds something else
 */
export async function* readKlineZip(zip: Blob, name: string): AsyncGenerator<Kline[]> {
  const reader = new ZipReader(new BlobReader(zip), { checkSignature: true });
  try {
    const entry = requireOneFile(await reader.getEntries(), name);
    yield* readKlineCsv(unzip(entry), entry.filename);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_payload", `Cannot unzip ${name}: ${reason}`, { cause });
  } finally {
    await reader.close();
  }
}

function requireOneFile(entries: readonly Entry[], name: string) {
  const files = entries.filter((entry) => !entry.directory);
  if (files.length === 1) return files[0]!;
  throw new AppError("bad_payload", `Cannot read ${name}: it holds ${files.length} files, not one`);
}

function unzip(entry: Extract<Entry, { directory: false }>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  entry.getData(writable).catch((error) => writable.abort(error).catch(() => {}));
  return readable;
}

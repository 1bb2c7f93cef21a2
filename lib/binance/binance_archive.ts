import { BlobReader } from "@zip.js/zip.js";
import { type ArchiveFile, archivePath } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import { MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type { ArchiveSource, KlineFile } from "../ports/archive_source.ts";
import type { Clock } from "../ports/host.ts";
import { checkSum } from "./files/checksum.ts";
import { checkKlines } from "./files/kline_checks.ts";
import { listCsvFiles, readZippedCsv } from "./files/kline_zip.ts";
import { BodyTooLarge, describeRedirect, readBlob } from "../outbound/read_body.ts";
import { describeNetworkFailure } from "../outbound/reach.ts";

export interface ArchiveOptions {
  /** Origin, such as `https://data.binance.vision`. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** A day of 1s candles has 3 MB, a month of 1m candles 2 MB. */
const TIMEOUT_MS = 2 * MINUTE_MS;
/** The largest files that wick downloads have 3 MB. */
const MAX_BYTES = { zip: 64e6, checksum: 10e3 };
/** Delays before the second and the third attempt. */
const PAUSES_MS = [SECOND_MS, 5 * SECOND_MS];

/** Binance's public archive over HTTP. Source: github.com/binance/binance-public-data. */
export function createArchive(options: ArchiveOptions): ArchiveSource {
  return {
    async open(file, signal) {
      const path = archivePath(file);
      const zip = await get(options, path, MAX_BYTES.zip, signal);
      if (zip === undefined) return undefined;
      const checksum = await get(options, `${path}.CHECKSUM`, MAX_BYTES.checksum, signal);
      const name = `${file.name}.zip`;
      if (checksum === undefined) {
        throw new AppError("bad_payload", `Cannot trust ${name}: it has no checksum`);
      }
      await checkSum(zip.stream(), await checksum.text(), name);
      return toKlineFile(file, zip, name);
    },
  };
}

function toKlineFile(file: ArchiveFile, zip: Blob, path: string): KlineFile {
  const { symbol, interval, range, period } = file;
  return {
    symbol,
    interval,
    path,
    origin: period,
    bytes: zip.size,
    isZip: true,
    isChecked: true,
    candles: () => checkKlines(readOnlyCsv(zip, path), { path, interval, range }),
  };
}

async function* readOnlyCsv(zip: Blob, path: string) {
  const file = { path, reader: () => new BlobReader(zip) };
  const names = await listCsvFiles(file);
  if (names.length > 1) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${path}: it contains ${names.length} files instead of one`,
    );
  }
  yield* readZippedCsv(file, names[0]!, path);
}

async function get(
  options: ArchiveOptions,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  for (const pause of PAUSES_MS) {
    try {
      return await getOnce(options, path, maxBytes, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AppError && error.code === "bad_payload") throw error;
      await options.clock.sleep(pause, signal);
    }
  }
  return await getOnce(options, path, maxBytes, signal);
}

async function getOnce(
  { url, fetch }: ArchiveOptions,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Blob | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const response = await fetch(url + path, { signal: limit, redirect: "manual" });
    if (response.ok) return await readBlob(response, maxBytes);
    await response.body?.cancel();
    if (response.status === 404) return undefined;
    const answer = describeRedirect(response) ?? `HTTP ${response.status}`;
    throw new AppError("exchange_unavailable", `Cannot get ${url}${path}: ${answer}`);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof AppError) throw cause;
    if (cause instanceof BodyTooLarge) {
      throw new AppError("bad_payload", `Cannot get ${path} of the archive: ${cause.message}`);
    }
    const { text } = describeNetworkFailure(cause, url, TIMEOUT_MS);
    throw new AppError("exchange_unavailable", `Cannot get ${path} of the archive: ${text}`);
  }
}

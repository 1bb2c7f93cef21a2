import { BlobReader } from "@zip.js/zip.js";
import { type ArchiveFile, archivePath } from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import type { ArchiveSource, KlineFile } from "../ports/archive_source.ts";
import { checkSum } from "./files/checksum.ts";
import { checkKlines } from "./files/kline_checks.ts";
import { listCsvFiles, readZippedCsv } from "./files/kline_zip.ts";
import { type ArchiveHttp, getFile } from "./archive_http.ts";

/** The largest files that wick downloads have 3 MB. */
const MAX_BYTES = { zip: 64e6, checksum: 10e3 };
/** Binance's public archive over HTTP. Source: github.com/binance/binance-public-data. */
export function createArchive(options: ArchiveHttp): ArchiveSource {
  return {
    async open(file, signal) {
      const path = archivePath(file);
      const zip = await getFile(options, path, MAX_BYTES.zip, signal);
      if (zip === undefined) return undefined;
      const checksum = await getFile(options, `${path}.CHECKSUM`, MAX_BYTES.checksum, signal);
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
    format: "Binance archive",
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

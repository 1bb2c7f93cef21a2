import { ZipWriter } from "@zip.js/zip.js";
import { packParquet, PARQUET_MAGIC, type ParquetPart } from "./parquet_file.ts";

/** Starts a file in an archive. */
export interface EntryMark {
  readonly entry: string;
  /** Set for a file whose parts are its bytes, whatever the others are. */
  readonly isPlain?: true;
  /** Date of the file, fixed so that the same candles produce the same bytes. */
  readonly time: number | undefined;
}

/** Input of the archive: bytes, and file marks between them. It can be sent to a worker. */
export type Part = ParquetPart | EntryMark;

export interface ArchiveOptions {
  /** True if the parts of each file are Parquet input; otherwise they are its bytes. */
  readonly isParquet: boolean;
  /** True if the archive, or a file in it, may be larger than 4 GB. */
  readonly isLarge: boolean;
}

/** The earliest date of the zip format. */
const UNDATED = Date.UTC(1980, 0, 2);
/** Upper bound for lines of all formats. */
const MAX_ROW_BYTES = 1024;
const ZIP32_BYTES = 4 * 1024 ** 3;

/** True if this many candles may need Zip64. */
export function needsZip64(rows: number): boolean {
  return rows * MAX_ROW_BYTES >= ZIP32_BYTES;
}

/** Writes a compressed zip: a file for each mark, with the parts that follow it. */
export function archiveBytes(
  parts: ReadableStream<Part>,
  options: ArchiveOptions,
): ReadableStream<Uint8Array> {
  let fail!: (reason: unknown) => void;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(out) {
      fail = (reason) => out.error(reason);
    },
  });
  const all = parts.values();
  writeEntries(writable, all, options).catch(async (reason) => {
    fail(reason);
    await all.return?.().catch(() => {});
  });
  return readable;
}

async function writeEntries(
  writable: WritableStream<Uint8Array>,
  parts: AsyncIterator<Part>,
  { isParquet, isLarge }: ArchiveOptions,
): Promise<void> {
  const zip = new ZipWriter(writable, {
    useWebWorkers: false,
    extendedTimestamp: false,
    zip64: isLarge,
  });
  let next = await parts.next();
  while (!next.done) {
    const { entry, time, isPlain } = next.value as EntryMark;
    const own = async function* () {
      for (next = await parts.next(); !next.done; next = await parts.next()) {
        if ("entry" in next.value) return;
        yield next.value;
      }
    };
    const content = isParquet && !isPlain
      ? parquetFile(own())
      : own() as AsyncGenerator<Uint8Array>;
    await zip.add(entry, ReadableStream.from(content), { lastModDate: new Date(time ?? UNDATED) });
  }
  await zip.close();
}

async function* parquetFile(parts: AsyncIterable<ParquetPart>) {
  yield PARQUET_MAGIC;
  yield* packParquet(parts, false);
}

import { ZipWriter } from "@zip.js/zip.js";
import type { EpochMs } from "../core/time.ts";

export interface ArchiveEntry {
  readonly name: string;
  /** What the file is dated, so that the same candles make the same bytes. */
  readonly time: EpochMs | undefined;
  readonly rows: number;
  /** Called when it is the entry's turn. */
  readonly open: () => ReadableStream<Uint8Array>;
}

/** The format's own beginning of time. */
const UNDATED = Date.UTC(1980, 0, 2);
/** No line of any format is longer. */
const MAX_ROW_BYTES = 1024;
const ZIP32_BYTES = 4 * 1024 ** 3;

/** The entries as a zip, compressed on the way; Zip64 where one might need it. */
export function archiveBytes(entries: readonly ArchiveEntry[]): ReadableStream<Uint8Array> {
  let fail!: (reason: unknown) => void;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(out) {
      fail = (reason) => out.error(reason);
    },
  });
  writeEntries(writable, entries).catch((reason) => fail(reason));
  return readable;
}

async function writeEntries(
  writable: WritableStream<Uint8Array>,
  entries: readonly ArchiveEntry[],
): Promise<void> {
  const rows = entries.reduce((sum, entry) => sum + entry.rows, 0);
  const zip = new ZipWriter(writable, {
    useWebWorkers: false,
    extendedTimestamp: false,
    zip64: rows * MAX_ROW_BYTES >= ZIP32_BYTES,
  });
  for (const { name, time, open } of entries) {
    await zip.add(name, open(), { lastModDate: new Date(time ?? UNDATED) });
  }
  await zip.close();
}

import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import type { EpochMs } from "../../../lib/core/time.ts";
import { type Answer, bodyAnswer } from "../answer.ts";
import { closedRows } from "../market/closed_rows.ts";
import type { Listings } from "../market/listings.ts";
import { Lru } from "../market/lru.ts";
import type { CandleReader } from "../market/reader.ts";
import { toCsv } from "./archive_csv.ts";
import { type ArchiveFile, parseArchivePath } from "./archive_path.ts";

/** What may be wrong with a file of the archive. */
export type ArchiveFlaw =
  | "wrong-checksum"
  | "missing-checksum"
  | "missing-file"
  | "cut-file"
  | "broken-zip"
  | "altered-rows"
  | "header-line";

export interface ArchiveSource {
  readonly listings: Listings;
  readonly reader: CandleReader;
}

/** Zips kept, in bytes: a checksum is usually asked for right after its file. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** The zips of data.binance.vision, made from the candles that the exchange serves. */
export class Archive {
  readonly #source: ArchiveSource;
  readonly #zips = new Lru<string, Uint8Array | undefined>(KEPT_BYTES);

  constructor(source: ArchiveSource) {
    this.#source = source;
  }

  answer(path: string, now: EpochMs, flaw?: ArchiveFlaw): Answer {
    const file = parseArchivePath(path);
    if (file === undefined || now < file.publishedAt) return notFound();
    if (flaw === "missing-file" || flaw === "missing-checksum" && file.isChecksum) {
      return notFound();
    }
    const sound = this.#zip(file, now, flaw);
    if (sound === undefined) return notFound();
    // A broken zip is published with the checksum of its broken self.
    const zip = flaw === "broken-zip" ? broken(sound) : sound;
    if (file.isChecksum) return checksumAnswer(file, zip, flaw);
    const sent = flaw === "cut-file" ? zip.subarray(0, zip.length >> 1) : zip;
    return bodyAnswer(sent, 200, { "content-type": "application/zip" });
  }

  #zip(file: ArchiveFile, now: EpochMs, flaw: ArchiveFlaw | undefined): Uint8Array | undefined {
    const { listings, reader } = this.#source;
    const listing = listings.find(file.symbol, now);
    if (listing === undefined) return undefined;
    const form = { hasHeader: flaw === "header-line", isAltered: flaw === "altered-rows" };
    const closedAt = Math.min(file.publishedAt, listing.time(now));
    const edition = `${closedAt} ${reader.version(file.symbol)}`;
    const key = `${file.name} ${edition} ${form.hasHeader} ${form.isAltered}`;
    return this.#zips.take(key, () => {
      const series = reader.series(listing.market, {
        interval: file.interval,
        unit: "ms",
        offsetMs: 0,
      });
      const rows = [...closedRows(series, file.range, closedAt)];
      if (rows.length === 0) return undefined;
      return pack(file, toCsv(rows, form));
    }, (zip) => zip?.length ?? 0);
  }
}

/** The same bytes for the same candles, whenever and wherever they are packed. */
function pack(file: ArchiveFile, csv: string): Uint8Array {
  const published = new Date(file.publishedAt);
  // Zip stores local time.
  const mtime = new Date(
    published.getUTCFullYear(),
    published.getUTCMonth(),
    published.getUTCDate(),
  );
  return zipSync({ [`${file.name}.csv`]: new TextEncoder().encode(csv) }, { mtime });
}

/** One line that `sha256sum -c` reads. */
function checksumAnswer(
  file: ArchiveFile,
  zip: Uint8Array,
  flaw: ArchiveFlaw | undefined,
): Answer {
  const digest = createHash("sha256").update(zip).digest("hex");
  const shown = flaw === "wrong-checksum" ? digest.split("").reverse().join("") : digest;
  return bodyAnswer(`${shown}  ${file.name}.zip\n`, 200, { "content-type": "text/plain" });
}

/** Flips bits in the compressed data, behind the local header. */
function broken(zip: Uint8Array): Uint8Array {
  const copy = zip.slice();
  for (let i = 60; i < Math.min(copy.length - 60, 400); i += 7) copy[i]! ^= 0x55;
  return copy;
}

function notFound(): Answer {
  return bodyAnswer(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code>' +
      "<Message>The specified key does not exist.</Message></Error>",
    404,
    { "content-type": "application/xml" },
  );
}

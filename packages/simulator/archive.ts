import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { LRUCache } from "lru-cache";
import {
  type ArchiveFile as ArchiveName,
  archivePath,
  MICROSECONDS_SINCE,
  parseArchiveName,
} from "../../lib/core/archive_file.ts";
import { DAY_MS, type EpochMs, HOUR_MS } from "../../lib/core/time.ts";
import { type Answer, bodyAnswer } from "./answer.ts";
import { closedRows } from "./market/batch.ts";
import type { CandleRow } from "./market/candle_block.ts";
import { fromUnits, toUnits } from "./market/fixed_point.ts";
import { inMicroseconds, parseRow } from "./market/kline_row.ts";
import type { Listings } from "./market/listings.ts";
import type { CandleReader } from "./market/reader.ts";

/** Possible faults of an archive file. */
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

export const ARCHIVE_PREFIX = "/data/spot/";

/** Zips kept, in bytes: a checksum is usually requested right after its file. */
const KEPT_BYTES = 32 * 1024 * 1024;

/** The zips of data.binance.vision, generated from the exchange's candles. */
export class Archive {
  readonly #source: ArchiveSource;
  readonly #zips = new LRUCache<string, Uint8Array>({
    maxSize: KEPT_BYTES,
    sizeCalculation: (zip) => zip.length,
  });

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
    // The checksum of a broken zip matches the broken bytes.
    const zip = flaw === "broken-zip" ? broken(sound) : sound;
    if (file.isChecksum) return checksumAnswer(file, zip, flaw);
    const sent = flaw === "cut-file" ? zip.subarray(0, zip.length >> 1) : zip;
    return bodyAnswer(sent, 200, { "content-type": "application/zip" });
  }

  #zip(file: ArchiveFile, now: EpochMs, flaw: ArchiveFlaw | undefined): Uint8Array | undefined {
    const { listings, reader } = this.#source;
    const listing = listings.findArchived(file.symbol, now);
    if (listing === undefined) return undefined;
    const closedAt = Math.min(file.publishedAt, listing.time(now));
    const form = { hasHeader: flaw === "header-line", isAltered: flaw === "altered-rows" };
    const key = [file.name, closedAt, reader.version(file.symbol), JSON.stringify(form)].join(" ");
    const known = this.#zips.get(key);
    if (known !== undefined) return known;
    const series = reader.series(listing.market, file.interval);
    const rows = [...closedRows(series, file.range, closedAt)];
    if (rows.length === 0) return undefined;
    const zip = pack(file, toCsv(rows, form));
    this.#zips.set(key, zip);
    return zip;
  }
}

/** A file that may exist. */
interface ArchiveFile extends ArchiveName {
  /** Time of publication. */
  readonly publishedAt: EpochMs;
  /** True if its checksum is requested rather than the file. */
  readonly isChecksum: boolean;
}

/** Hour of publication, UTC. */
const PUBLISHING_HOUR = 8;

export function parseArchivePath(path: string): ArchiveFile | undefined {
  const zip = path.replace(/\.CHECKSUM$/, "");
  const file = parseArchiveName(decodeURIComponent(zip.slice(zip.lastIndexOf("/") + 1)));
  if (file === undefined || archivePath(file) !== zip) return undefined;
  return { ...file, publishedAt: publishedAt(file), isChecksum: zip !== path };
}

export function publishedAt({ period, range }: ArchiveName): EpochMs {
  const day = period === "daily" ? range.to : firstMonday(range.to);
  return day + PUBLISHING_HOUR * HOUR_MS;
}

/** Monthly files appear on the first Monday of the next month, daily ones on the next day. */
function firstMonday(monthStart: EpochMs): EpochMs {
  const weekday = new Date(monthStart).getUTCDay();
  return monthStart + (8 - weekday) % 7 * DAY_MS;
}

const HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count," +
  "taker_buy_volume,taker_buy_quote_volume,ignore\n";

interface CsvForm {
  readonly hasHeader: boolean;
  /** True if every tenth row has another volume than in the API. */
  readonly isAltered: boolean;
}

function toCsv(rows: readonly CandleRow[], { hasHeader, isAltered }: CsvForm): string {
  const lines = rows.map(({ text }, i) => {
    const row = parseRow(text);
    if (isAltered && i % 10 === 0) row[5] = fromUnits(2n * toUnits(row[5]));
    return `${row[0] >= MICROSECONDS_SINCE ? inMicroseconds(row) : row}\n`;
  });
  return (hasHeader ? HEADER : "") + lines.join("");
}

/** The same bytes for the same candles, at any time and on any machine. */
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

/** Flips bits in the compressed data, after the local header. */
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

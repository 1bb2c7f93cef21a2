import { type ArchiveFile, archiveFile, archivePath } from "../../lib/core/archive_file.ts";
import { endOf, INTERVALS, isInterval } from "../../lib/core/interval.ts";
import { DAY_MS, type EpochMs } from "../../lib/core/time.ts";
import { type Answer, bodyAnswer } from "./answer.ts";
import { ARCHIVE_PREFIX, type ArchiveSource, publishedAt } from "./archive.ts";
import type { Listing } from "./market/listings.ts";
import type { CandleReader } from "./market/reader.ts";

const MAX_KEYS = 1_000;
const PREFIX = /^(data\/spot\/(monthly|daily)\/klines\/)(?:([^/]+)\/(?:([^/]+)\/(.*))?)?$/;

/**
 * The S3 listing of the archive's bucket: GET /?prefix=…&delimiter=/&marker=…, at most 1,000
 * entries a page. It lists symbols, the intervals of a symbol, and the files of a series.
 */
export function answerListing(source: ArchiveSource, query: string, now: EpochMs): Answer {
  const params = new URLSearchParams(query);
  const prefix = params.get("prefix") ?? "";
  const marker = params.get("marker") ?? "";
  const entries = entriesOf(source, prefix, now).filter((entry) => entry > marker).sort();
  const asked = Number(params.get("max-keys") ?? MAX_KEYS);
  const page = entries.slice(0, Math.min(MAX_KEYS, asked));
  const isTruncated = page.length < entries.length;
  const hasDelimiter = params.get("delimiter") === "/";
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>data.binance.vision</Name><Prefix>${escapeXml(prefix)}</Prefix>`,
    `<Marker>${escapeXml(marker)}</Marker>`,
    // S3 sends it with a delimiter only; otherwise the last key is the next marker.
    isTruncated && hasDelimiter ? `<NextMarker>${escapeXml(page.at(-1)!)}</NextMarker>` : "",
    `<MaxKeys>${MAX_KEYS}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>`,
    ...page.map(toXml),
    "</ListBucketResult>",
  ];
  return bodyAnswer(xml.join(""), 200, { "content-type": "application/xml" });
}

const toXml = (entry: string) =>
  entry.endsWith("/")
    ? `<CommonPrefixes><Prefix>${escapeXml(entry)}</Prefix></CommonPrefixes>`
    : `<Contents><Key>${escapeXml(entry)}</Key><Size>0</Size></Contents>`;

function entriesOf({ listings, reader }: ArchiveSource, prefix: string, now: EpochMs): string[] {
  const [, folder, period, symbol, spelt] = PREFIX.exec(prefix) ?? [];
  if (folder === undefined) return [];
  if (symbol === undefined) {
    return listings.listArchived(now).map(({ market }) => `${folder}${market.symbol}/`);
  }
  const listing = listings.findArchived(symbol, now);
  if (listing === undefined) return [];
  if (spelt === undefined) return INTERVALS.map((one) => `${prefix}${one === "1M" ? "1mo" : one}/`);
  const interval = spelt === "1mo" ? "1M" : spelt;
  if (!isInterval(interval)) return [];
  const files = filesOf(
    { reader, listing, now },
    (time) => archiveFile({ symbol, interval }, period as ArchiveFile["period"], time),
  );
  return files.map((file) => archivePath(file).slice(1))
    .flatMap((key) => [key, `${key}.CHECKSUM`]).map(decodeURIComponent)
    .filter((key) => key.startsWith(prefix));
}

interface Published {
  readonly reader: CandleReader;
  readonly listing: Listing;
  readonly now: EpochMs;
}

/** The files with candles that are published. */
function filesOf(
  { reader, listing, now }: Published,
  toFile: (time: EpochMs) => ArchiveFile,
): ArchiveFile[] {
  const files: ArchiveFile[] = [];
  const end = listing.time(now);
  const { interval, period } = toFile(now);
  const series = reader.series(listing.market, interval);
  for (let time = series.next(0); time !== undefined && time < end;) {
    const file = toFile(time);
    if (now >= publishedAt(file)) files.push(file);
    const next = period === "monthly" ? endOf(file.range.from, "1M") : file.range.from + DAY_MS;
    time = series.next(next);
  }
  return files;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Tells requests that list the bucket. */
export function isListing(path: string, query: string): boolean {
  return path === "/" && new URLSearchParams(query).get("prefix")?.startsWith(
        ARCHIVE_PREFIX.slice(1),
      ) === true;
}

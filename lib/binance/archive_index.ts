import {
  type ArchiveFile,
  archiveFolder,
  archivePath,
  parseArchiveName,
} from "../core/archive_file.ts";
import { AppError } from "../core/errors.ts";
import { SYMBOL } from "../core/symbol_name.ts";
import type { ArchiveIndex } from "../ports/archive_source.ts";
import { type ArchiveHttp, getFile } from "./archive_http.ts";

/** A page has up to 1,000 keys. */
const MAX_BYTES = 4e6;
/** More than 200 times the symbols of 2026, and 20 years of daily files. */
const MAX_PAGES = 1_000;

/**
 * The listing of the archive's bucket, in the form of Amazon S3's ListObjects: 1,000 entries a
 * page, continued after the last one. Source:
 * docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html.
 */
export function createArchiveIndex(http: ArchiveHttp): ArchiveIndex {
  return {
    async listSymbols(signal) {
      const folder = archiveFolder("monthly");
      const entries = await listAll(http, { prefix: folder, delimiter: "/" }, signal);
      return entries.map((entry) => entry.slice(folder.length).replace(/\/$/, ""))
        .filter((symbol) => SYMBOL.test(symbol));
    },
    async listFiles(series, period, after, signal) {
      const prefix = archiveFolder(period, series);
      const marker = after === undefined ? "" : decodeURIComponent(archivePath(after).slice(1));
      const entries = await listAll(http, { prefix, marker }, signal);
      return entries.filter((key) => key.endsWith(".zip")).flatMap((key): ArchiveFile[] => {
        const file = parseArchiveName(key.slice(prefix.length));
        return file?.period === period && file.symbol === series.symbol &&
            file.interval === series.interval
          ? [file]
          : [];
      }).toSorted((a, b) => a.range.from - b.range.from);
    },
  };
}

interface Wanted {
  readonly prefix: string;
  readonly delimiter?: string;
  readonly marker?: string;
}

/** Keys, or with a delimiter the folders, below a prefix. */
async function listAll(
  http: ArchiveHttp,
  { marker = "", ...wanted }: Wanted,
  signal: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ ...wanted, ...marker === "" ? {} : { marker } });
    const body = await getFile(http, `/?${query}`, MAX_BYTES, signal);
    const { entries, isTruncated } = readPage(await body?.text() ?? "");
    found.push(...entries);
    const last = entries.at(-1);
    if (!isTruncated || last === undefined || last <= marker) return found;
    marker = last;
  }
  return found;
}

/** @throws `bad_payload` for anything but a listing */
function readPage(xml: string): { entries: string[]; isTruncated: boolean } {
  if (!/<ListBucketResult\b/.test(xml)) {
    throw new AppError(
      "bad_payload",
      "Cannot list the archive: the answer is no listing of a bucket; check ARCHIVE_LIST_URL",
    );
  }
  const folders = /<CommonPrefixes>\s*<Prefix>([^<]*)<\/Prefix>/g;
  const keys = /<Key>([^<]*)<\/Key>/g;
  const entries = [folders, keys].flatMap((part) =>
    [...xml.matchAll(part)].map(([, text]) => fromXml(text!))
  );
  return { entries, isTruncated: /<IsTruncated>\s*true\s*</.test(xml) };
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function fromXml(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = name[1] === "x" ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

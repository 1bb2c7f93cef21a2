import { endOf } from "../core/interval.ts";
import { formatCursor } from "../core/cursor.ts";
import { exportFileName } from "./export_file.ts";
import { EXPORT_FORMATS } from "./export_formats.ts";
import type { SeriesHead } from "../ports/kline_exporter.ts";
import type { Coding } from "../http/encoding.ts";
import { etagOf } from "../http/etag.ts";
import type { ExportRequest } from "./export_query.ts";

/**
 * A closed range is complete: shared caches may answer for five minutes without revalidating, so a
 * corrected candle can be that late. A request with the entity tag never is.
 */
const CLOSED = "public, max-age=60, s-maxage=300";
/** More candles will follow; the ETag makes revalidation cheap. */
const OPEN = "no-cache";

/**
 * True if no candle can be appended: both ends are given, and every series extends past the later
 * one.
 */
export function isClosedRange(
  { from, to }: ExportRequest,
  heads: readonly SeriesHead[],
): boolean {
  return from !== undefined && to !== undefined &&
    heads.every(({ lastOpenTime, interval }) =>
      lastOpenTime !== undefined && to <= endOf(lastOpenTime, interval)
    );
}

/** Byte ranges are available when positions can be computed: uncompressed CSV of a closed range. */
export function hasRanges(
  request: ExportRequest,
  heads: readonly SeriesHead[],
  coding: Coding,
): boolean {
  const { format, archive, isChecksum, universe } = request;
  return universe === undefined && EXPORT_FORMATS[format].hasRanges && archive === undefined &&
    !isChecksum &&
    coding === "identity" && heads.every(({ derived }) => derived === undefined) &&
    isClosedRange(request, heads);
}

/** Compressed formats and checksum lines are sent without content coding. */
export function isCompressible({ format, archive, isChecksum }: ExportRequest): boolean {
  return EXPORT_FORMATS[format].isCompressible && archive === undefined && !isChecksum;
}

/** Headers of a 200, except the body's length. */
export async function exportHeaders(
  request: ExportRequest,
  heads: readonly SeriesHead[],
  coding: Coding,
): Promise<Headers> {
  const sum = (pick: (head: SeriesHead) => number) =>
    String(heads.reduce((total, head) => total + pick(head), 0));
  const name = exportFileName(request, heads);
  const headers = new Headers({
    "content-type": mediaType(request),
    "content-disposition": attachment(request.isChecksum ? `${name}.sha256` : name),
    "vary": "accept-encoding",
    "cache-control": isClosedRange(request, heads) ? CLOSED : OPEN,
    "etag": await exportEtag(request, heads, coding),
    "x-wick-rows": sum((head) => head.rows),
    "x-wick-gaps": sum((head) => head.gaps),
  });
  const { universe } = request;
  const isDerived = heads.some((head) => head.derived !== undefined);
  if (isDerived) headers.set("x-wick-derived", derivedText(heads));
  if (request.isImported) {
    headers.set(
      "x-wick-imported",
      sum(({ imported }) => imported?.rows ?? 0),
    );
  }
  // With thousands of series a cursor would exceed what clients accept as a header.
  if (universe !== undefined) {
    headers.set("x-wick-universe", `${universe.held} of ${universe.symbols}`);
  } else if (!isDerived && !request.isImported) {
    headers.set("x-wick-next-cursor", formatCursor(heads.map((head) => head.next)));
  }
  if (coding !== "identity") headers.set("content-encoding", coding);
  if (hasRanges(request, heads, coding)) headers.set("accept-ranges", "bytes");
  return headers;
}

/** `1h`; of several series `BTCUSDT-4h=1h` for each that is derived. */
function derivedText(heads: readonly SeriesHead[]): string {
  if (heads.length === 1) return heads[0]!.derived!.from;
  return heads.flatMap(({ symbol, interval, derived }) =>
    derived === undefined ? [] : [`${encodeURIComponent(symbol)}-${interval}=${derived.from}`]
  ).join(", ");
}

function mediaType({ format, archive, isChecksum }: ExportRequest): string {
  if (isChecksum) return "text/plain; charset=utf-8";
  return archive === undefined ? EXPORT_FORMATS[format].mediaType : "application/zip";
}

function exportEtag(
  request: ExportRequest,
  heads: readonly SeriesHead[],
  coding: Coding,
): Promise<string> {
  const { from, to, asOf, after, format, time, archive, isChecksum, universe } = request;
  const query = {
    from,
    to,
    asOf,
    after: after && [...after],
    format,
    time,
    archive,
    isChecksum,
    universe,
  };
  const marks = heads.flatMap((
    { symbol, interval, lineage, version, within, derived, imported },
  ) => [
    symbol,
    interval,
    lineage,
    version,
    ...within === undefined ? [] : [within.from, within.to],
    ...derived === undefined ? [] : [JSON.stringify(derived)],
    ...imported === undefined ? [] : [`imported ${imported.version}`],
  ]);
  return etagOf("export", ...marks, JSON.stringify(query), coding);
}

/**
 * Sets the file name for all clients. curl and wget read only `filename` and use its bytes
 * unchanged, so it is UTF-8: with a substitute, the file's name would differ from the checksum
 * line. Browsers read `filename*`.
 */
function attachment(name: string): string {
  const utf8 = String.fromCharCode(...new TextEncoder().encode(name));
  return `attachment; filename="${utf8}"` +
    (utf8 === name ? "" : `; filename*=UTF-8''${extended(name)}`);
}

/** Encodes as RFC 8187 requires, which allows fewer characters than `encodeURIComponent`. */
function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Headers repeated by a 304: all except those that describe a body. */
export function forNotModified(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-type", "content-disposition", "content-encoding"]) kept.delete(name);
  return kept;
}

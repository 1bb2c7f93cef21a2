import { checksumLine } from "./checksum.ts";
import { type ExportFile, exportFileName, openExportFile } from "./export_file.ts";
import { fitRange, type WantedRange, wantedRange } from "./byte_range.ts";
import type { Services } from "../http/define.ts";
import { chooseCoding, type Coding, encode } from "../http/encoding.ts";
import { isNotModified } from "../http/etag.ts";
import { exportHeaders, forNotModified, hasRanges, isCompressible } from "./export_headers.ts";
import type { ExportRequest } from "./export_query.ts";

/**
 * The answer to GET or HEAD of an export. Only a body takes one of the few export connections, and
 * it gives it back when it ends, fails, or nobody wants it any more.
 */
export async function answerExport(
  { exporter }: Services,
  request: ExportRequest,
  http: Request,
): Promise<Response> {
  const coding = isCompressible(request) ? chooseCoding(http) : "identity";
  const isHead = http.method === "HEAD";
  if (isHead || http.headers.has("if-none-match")) {
    const headers = await exportHeaders(request, await exporter.describe(request), coding);
    if (isNotModified(http, headers.get("etag")!)) {
      return new Response(null, { status: 304, headers: forNotModified(headers) });
    }
    if (isHead) return new Response(null, { headers });
  }
  const file = await openExportFile(exporter, request);
  try {
    return await answerFile(file, request, http, coding);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function answerFile(
  file: ExportFile,
  request: ExportRequest,
  http: Request,
  coding: Coding,
): Promise<Response> {
  const headers = await exportHeaders(request, file.heads, coding);
  if (request.isChecksum) {
    const line = checksumLine(file.bytes(), exportFileName(request));
    return new Response(line, { headers });
  }
  const range = hasRanges(request, file.heads, coding)
    ? wantedRange(http, headers.get("etag")!)
    : undefined;
  if (range !== undefined) return await answerPart(file, range, headers);
  return new Response(encode(file.bytes(), coding), { headers });
}

async function answerPart(
  file: ExportFile,
  wanted: WantedRange,
  headers: Headers,
): Promise<Response> {
  const map = await file.map(headers.get("etag")!);
  const range = fitRange(wanted, map.size);
  if (range === undefined) {
    await file.close();
    return notSatisfiable(map.size);
  }
  const { first, last } = range;
  headers.set("content-range", `bytes ${first}-${last}/${map.size}`);
  headers.set("content-length", String(last - first + 1));
  return new Response(file.part(map, range), { status: 206, headers });
}

function notSatisfiable(size: number): Response {
  const message = `Range lies outside of the file: it has ${size} bytes`;
  return Response.json({ error: { code: "invalid_input", message, param: "Range" } }, {
    status: 416,
    headers: { "content-range": `bytes */${size}`, "cache-control": "no-store" },
  });
}

import { LRUCache } from "lru-cache";
import { checksumLine } from "./checksum_line.ts";
import { type ExportFile, exportFileName, openExportFile, packRows } from "./export_file.ts";
import { fitRange, type WantedRange, wantedRange } from "./byte_range.ts";
import type { Services } from "../http/define.ts";
import { chooseCoding, type Coding } from "../http/encoding.ts";
import { isNotModified } from "../http/etag.ts";
import { exportHeaders, forNotModified, hasRanges, isCompressible } from "./export_headers.ts";
import type { Turn } from "../http/gate.ts";
import type { SeriesHead } from "../ports/kline_exporter.ts";
import { paced } from "./paced.ts";
import type { ExportRequest } from "./export_query.ts";

/** Waits for a free place under `limit`. */
export type EnterTurn = (limit: "exports" | "requests") => Promise<Turn>;

/** Computed checksums, by the ETag of their line. */
const checksums = new LRUCache<string, string>({ max: 1_000 });

/**
 * Responds to GET or HEAD of an export. Only a body occupies one of the few export connections, and
 * releases it when it ends, fails, is read too slowly, or is cancelled.
 */
export async function answerExport(
  services: Pick<Services, "exporter" | "telemetry">,
  request: ExportRequest,
  http: Request,
  enter: EnterTurn,
): Promise<Response> {
  const coding = isCompressible(request) ? chooseCoding(http) : "identity";
  const isHead = http.method === "HEAD";
  if (isHead || request.isChecksum || http.headers.has("if-none-match")) {
    const headers = await describe(services, request, coding, enter);
    const etag = headers.get("etag")!;
    if (isNotModified(http, etag)) {
      return new Response(null, { status: 304, headers: forNotModified(headers) });
    }
    if (isHead) return new Response(null, { headers });
    const sum = request.isChecksum ? checksums.get(etag) : undefined;
    if (sum !== undefined) return new Response(sum, { headers });
  }
  const turn = await enter("exports");
  try {
    return await answerBody(services, request, http, { coding, turn });
  } catch (error) {
    turn.end();
    throw error;
  }
}

/** Headers as for a body. Counting the rows of a partial series is expensive. */
async function describe(
  { exporter }: Pick<Services, "exporter">,
  request: ExportRequest,
  coding: Coding,
  enter: EnterTurn,
): Promise<Headers> {
  const turn = await enter("requests");
  try {
    return await exportHeaders(request, await exporter.describe(request), coding);
  } finally {
    turn.end();
  }
}

interface BodyOptions {
  readonly coding: Coding;
  readonly turn: Turn;
}

/** Content coding of the bytes. */
interface Leaving {
  readonly turn: Turn;
  /** Releases the place when the bytes end. */
  readonly keepPace: (bytes: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>;
}

async function answerBody(
  { exporter, telemetry }: Pick<Services, "exporter" | "telemetry">,
  request: ExportRequest,
  http: Request,
  { coding, turn }: BodyOptions,
): Promise<Response> {
  const file = await openExportFile(exporter, request);
  try {
    const headers = await exportHeaders(request, file.heads, coding);
    const keepPace = (bytes: ReadableStream<Uint8Array>) =>
      paced(bytes, {
        turn,
        onCut: (reason) => telemetry.record({ kind: "refusal", limit: "exports", reason }),
      });
    if (request.isChecksum) {
      const line = checksumLine(file.bytes(), exportFileName(request, file.heads), (sum) => {
        checksums.set(headers.get("etag")!, sum);
      });
      return new Response(keepPace(line), { headers });
    }
    const range = hasRanges(request, file.heads, coding)
      ? wantedRange(http, headers.get("etag")!)
      : undefined;
    if (range !== undefined) return await answerPart(file, range, headers, { turn, keepPace });
    return new Response(encoded(keepPace(file.bytes()), coding, file.heads), { headers });
  } catch (error) {
    await file.close();
    throw error;
  }
}

function encoded(
  bytes: ReadableStream<Uint8Array>,
  coding: Coding,
  heads: readonly SeriesHead[],
): ReadableStream<Uint8Array> {
  return coding === "identity" ? bytes : packRows({ kind: coding }, bytes, heads);
}

async function answerPart(
  file: ExportFile,
  wanted: WantedRange,
  headers: Headers,
  { turn, keepPace }: Leaving,
): Promise<Response> {
  const map = await file.map(headers.get("etag")!);
  const range = fitRange(wanted, map.size);
  if (range === undefined) {
    await file.close();
    turn.end();
    return notSatisfiable(map.size);
  }
  const { first, last } = range;
  headers.set("content-range", `bytes ${first}-${last}/${map.size}`);
  headers.set("content-length", String(last - first + 1));
  return new Response(keepPace(file.part(map, range)), { status: 206, headers });
}

function notSatisfiable(size: number): Response {
  const message = `Range is outside the file: it has ${size} bytes`;
  return Response.json({ error: { code: "invalid_input", message, param: "Range" } }, {
    status: 416,
    headers: { "content-range": `bytes */${size}`, "cache-control": "no-store" },
  });
}

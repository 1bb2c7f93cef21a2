import { define } from "../lib/web/define.ts";
import { acceptsGzip } from "../lib/web/encoding.ts";
import { etagOf, isNotModified } from "../lib/web/etag.ts";
import { type ExportParams, parseExportQuery } from "../lib/web/export_query.ts";
import { requireHeld } from "../lib/web/held.ts";
import { byMethod } from "../lib/web/methods.ts";

const MEDIA: Record<ExportParams["format"], { type: string; extension: string }> = {
  csv: { type: "text/csv; charset=utf-8; header=present", extension: "csv" },
  binance: { type: "text/csv; charset=utf-8; header=absent", extension: "csv" },
  ndjson: { type: "application/x-ndjson", extension: "ndjson" },
  json: { type: "application/json", extension: "json" },
};

/** GET /export?symbol=ETHUSDT&interval=4h → closed candles as a stream; HEAD starts none. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const query = parseExportQuery(ctx.url.searchParams);
    await requireHeld(ctx.state.services, query);
    const { as_of: asOf, ...rest } = query;
    const open = await ctx.state.services.exporter.open(
      asOf === undefined ? rest : { ...rest, asOf },
    );
    let isStreaming = false;
    try {
      const isGzip = acceptsGzip(ctx.req);
      const headers = await toHeaders(query, open, isGzip);
      if (isNotModified(ctx.req, headers.get("etag")!)) {
        return new Response(null, { status: 304, headers: forNotModified(headers) });
      }
      if (ctx.req.method === "HEAD") return new Response(null, { headers });
      isStreaming = true;
      const bytes = open.bytes();
      return new Response(isGzip ? bytes.pipeThrough(gzip()) : bytes, { headers });
    } finally {
      if (!isStreaming) await open.close();
    }
  },
}));

async function toHeaders(
  query: ExportParams,
  { version, rows, gaps }: { version: number; rows: number; gaps: number },
  isGzip: boolean,
): Promise<Headers> {
  const { symbol, interval, from = "", to = "", as_of = "", format, time } = query;
  const { type, extension } = MEDIA[format];
  const coding = isGzip ? "gzip" : "identity";
  const headers = new Headers({
    "content-type": type,
    "content-disposition": attachment(`${symbol}-${interval}.${extension}`),
    "vary": "accept-encoding",
    "cache-control": "no-cache",
    "etag": await etagOf(symbol, interval, version, from, to, as_of, format, time, coding),
    "x-wick-rows": String(rows),
    "x-wick-gaps": String(gaps),
  });
  if (isGzip) headers.set("content-encoding", "gzip");
  return headers;
}

/** Symbols may hold letters beyond ASCII, which header values may not. */
function attachment(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]/g, "_");
  const extended = ascii === name ? "" : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  return `attachment; filename="${ascii}"${extended}`;
}

function forNotModified(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of ["content-type", "content-disposition", "content-encoding"]) kept.delete(name);
  return kept;
}

// The DOM's types of the two streams differ from Deno's in the kind of buffer only.
function gzip(): TransformStream<Uint8Array, Uint8Array> {
  return new CompressionStream("gzip") as unknown as TransformStream<Uint8Array, Uint8Array>;
}

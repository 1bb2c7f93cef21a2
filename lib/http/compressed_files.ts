import type { Context } from "fresh";
import { LRUCache } from "lru-cache";
import type { State } from "./define.ts";
import { acceptsGzip } from "./encoding.ts";

const TEXT = /^(?:text\/(?:css|javascript)|image\/svg)/;
/** A build has a few dozen style sheets and scripts. */
const MAX_FILES = 200;

/** Serves compressed styles and scripts; each is compressed once and cached. */
export function compressFiles(): (ctx: Context<State>) => Promise<Response> {
  const files = new LRUCache<string, Promise<Uint8Array<ArrayBuffer>>>({ max: MAX_FILES });
  return async (ctx) => {
    const response = await ctx.next();
    const { headers } = response;
    const version = versionOf(ctx, headers);
    const isText = TEXT.test(headers.get("content-type") ?? "");
    if (response.status !== 200 || !isText || !version || headers.has("content-encoding")) {
      return response;
    }
    headers.append("vary", "accept-encoding");
    if (!acceptsGzip(ctx.req)) return response;
    const name = `${ctx.url.pathname} ${version}`;
    const known = files.get(name);
    if (!known && ctx.req.method !== "GET") return response;
    const bytes = known ?? gzip(response.body!);
    if (!known) files.set(name, bytes);
    else await response.body?.cancel();
    const body = await bytes;
    headers.set("content-encoding", "gzip");
    headers.set("content-length", String(body.length));
    return new Response(ctx.req.method === "HEAD" ? null : body, { headers });
  };
}

/** Identifies this content among others at the same path, if possible. */
function versionOf({ url }: Context<State>, headers: Headers): string | undefined {
  const isForGood = headers.get("cache-control")?.includes("immutable") ?? false;
  return headers.get("etag") ?? (isForGood ? `?${url.searchParams}` : undefined);
}

async function gzip(body: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  // The DOM's stream type differs from Deno's only in its buffer type.
  const stream = new CompressionStream("gzip") as unknown as TransformStream<
    Uint8Array,
    Uint8Array<ArrayBuffer>
  >;
  return await new Response(body.pipeThrough(stream)).bytes();
}

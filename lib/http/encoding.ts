import { once } from "node:events";
import type { Transform } from "node:stream";
import { constants as zlib, createBrotliCompress, createGzip } from "node:zlib";

/** Content coding of a body. */
export type Coding = "br" | "gzip" | "identity";

/** In order of preference: of equally acceptable ones, the smaller result. */
const CODINGS = ["br", "gzip"] as const;

/** The supported coding preferred by `Accept-Encoding`; identity by default. */
export function chooseCoding(
  request: Request,
  ours: readonly Exclude<Coding, "identity">[] = CODINGS,
): Coding {
  const weights = new Map<string, number>();
  for (const item of (request.headers.get("accept-encoding") ?? "").split(",")) {
    const [coding = "", ...params] = item.split(";").map((part) => part.trim().toLowerCase());
    const weight = params.find((param) => param.startsWith("q="))?.slice(2);
    weights.set(coding.replace(/^x-/, ""), weight === undefined ? 1 : Number(weight) || 0);
  }
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get("*") ?? 0;
  const best = ours.toSorted((a, b) => weightOf(b) - weightOf(a))[0]!;
  const isWelcome = weightOf(best) > 0 && weightOf(best) >= (weights.get("identity") ?? 0);
  return isWelcome ? best : "identity";
}

/** True if gzip is acceptable: named, or covered by `*`, with a weight above zero. */
export function acceptsGzip(request: Request): boolean {
  return chooseCoding(request, ["gzip"]) === "gzip";
}

const CHUNK_BYTES = 64 * 1024;

/**
 * `bytes` in the coding. Levels are chosen so that compression keeps up with PostgreSQL; higher
 * ones take twice the time for a tenth of the size. Fails when `bytes` fail, without a regular end.
 */
export function encode(
  bytes: ReadableStream<Uint8Array>,
  coding: Coding,
): ReadableStream<Uint8Array> {
  if (coding === "gzip") return through(bytes, createGzip({ level: 4, chunkSize: CHUNK_BYTES }));
  return coding === "br" ? through(bytes, brotli()) : bytes;
}

function brotli(): Transform {
  return createBrotliCompress({
    chunkSize: CHUNK_BYTES,
    params: { [zlib.BROTLI_PARAM_QUALITY]: 1, [zlib.BROTLI_PARAM_LGWIN]: 20 },
  });
}

/** (`CompressionStream` has no levels, and `Duplex.toWeb` throws uncaught after a cancel.) */
function through(bytes: ReadableStream<Uint8Array>, codec: Transform): ReadableStream<Uint8Array> {
  const reader = bytes.getReader();
  const over = new AbortController();

  async function feed(): Promise<void> {
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        if (over.signal.aborted) return;
        if (!codec.write(next.value)) await once(codec, "drain", { signal: over.signal });
      }
      codec.end();
    } catch (error) {
      codec.destroy(error as Error);
    }
  }

  const packed: AsyncIterator<Uint8Array> = codec[Symbol.asyncIterator]();
  let isFed = false;
  return new ReadableStream({
    async pull(out) {
      if (!isFed) void feed();
      isFed = true;
      const { done, value } = await packed.next();
      if (over.signal.aborted) return;
      if (done) out.close();
      else out.enqueue(value);
    },
    async cancel(reason) {
      over.abort();
      await reader.cancel(reason).catch(() => {});
      codec.destroy();
    },
  }, { highWaterMark: 0 });
}

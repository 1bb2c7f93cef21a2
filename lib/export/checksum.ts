import { createHash } from "node:crypto";

/**
 * The line that `sha256sum --check` accepts beside the file that `bytes` make. It comes when they
 * have ended; cancelled, it cancels them.
 */
export function checksumLine(
  bytes: ReadableStream<Uint8Array>,
  fileName: string,
): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk) => void hash.update(chunk),
      flush(out) {
        out.enqueue(new TextEncoder().encode(`${hash.digest("hex")}  ${fileName}\n`));
      },
    }),
  );
}

import { createHash } from "node:crypto";

/**
 * Yields the line that `sha256sum --check` accepts for a file with the content `bytes`, after
 * reading all of them. Calls `onLine` with it. Cancelling it cancels `bytes`.
 */
export function checksumLine(
  bytes: ReadableStream<Uint8Array>,
  fileName: string,
  onLine: (line: string) => void = () => {},
): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk) => void hash.update(chunk),
      flush(out) {
        const line = `${hash.digest("hex")}  ${fileName}\n`;
        onLine(line);
        out.enqueue(new TextEncoder().encode(line));
      },
    }),
  );
}

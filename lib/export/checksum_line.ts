import { createHash } from "node:crypto";

/**
 * Makes the line that `sha256sum --check` accepts beside the file that `bytes` make. It comes when
 * they have ended, and `onLine` is told of it; cancelled, it cancels them.
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

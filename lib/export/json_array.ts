import { joinBytes } from "./join_bytes.ts";

const encoder = new TextEncoder();
const [OPEN, CLOSE, LINE_FEED] = ["[\n", "]\n", "\n"].map((text) => encoder.encode(text)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
/** A comma and a line feed. */
const SEPARATOR_BYTES = 2;

/** Lines of JSON, each with a comma at its end → one JSON array, a line per element. */
export function toJsonArray(lines: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  /** The last chunk: no element may follow the comma at its end. Chunks are passed on uncopied. */
  let held: Uint8Array | undefined;
  return lines.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (out) => out.enqueue(OPEN.slice()),
      transform(chunk, out) {
        if (held === undefined || chunk.length < SEPARATOR_BYTES) {
          held = held === undefined ? chunk : joinBytes(held, chunk);
          return;
        }
        out.enqueue(held);
        held = chunk;
      },
      flush(out) {
        if (held !== undefined && held.length > 0) {
          out.enqueue(held.subarray(0, -SEPARATOR_BYTES));
          out.enqueue(LINE_FEED.slice());
        }
        out.enqueue(CLOSE.slice());
      },
    }),
  );
}

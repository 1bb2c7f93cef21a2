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
  /** The last bytes that have come: no element may follow their comma. */
  let held: Uint8Array = new Uint8Array(0);
  return lines.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (out) => out.enqueue(OPEN.slice()),
      transform(chunk, out) {
        const bytes = held.length === 0 ? chunk : joinBytes(held, chunk);
        held = bytes.slice(-SEPARATOR_BYTES);
        if (bytes.length > SEPARATOR_BYTES) out.enqueue(bytes.subarray(0, -SEPARATOR_BYTES));
      },
      flush(out) {
        if (held.length > 0) out.enqueue(LINE_FEED.slice());
        out.enqueue(CLOSE.slice());
      },
    }),
  );
}

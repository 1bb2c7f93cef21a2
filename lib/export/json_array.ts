const [OPEN, CLOSE, COMMA, END] = ["[\n", "]\n", ",\n", "\n"].map((text) =>
  new TextEncoder().encode(text)
) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const LINE_FEED = 10;

/** Lines of JSON → one JSON array, a line per element. */
export function toJsonArray(lines: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let isFirst = true;
  let endsLine = false;
  return lines.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        if (isFirst) out.enqueue(OPEN);
        isFirst = false;
        if (endsLine) out.enqueue(COMMA);
        endsLine = chunk.at(-1) === LINE_FEED;
        const text = new TextDecoder().decode(endsLine ? chunk.subarray(0, -1) : chunk);
        out.enqueue(new TextEncoder().encode(text.replaceAll("\n", ",\n")));
      },
      flush(out) {
        if (isFirst) out.enqueue(OPEN);
        if (endsLine) out.enqueue(END);
        out.enqueue(CLOSE);
      },
    }),
  );
}

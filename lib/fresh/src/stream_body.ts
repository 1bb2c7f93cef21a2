const ENCODER = new TextEncoder();

export type StreamSource<U> = Iterable<U> | AsyncIterable<U>;

/** Pulls one chunk at a time; a client that goes away ends the source. */
export function streamBody(source: StreamSource<string | Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else {controller.enqueue(
          value instanceof Uint8Array ? value : ENCODER.encode(String(value)),
        );}
    },
    async cancel(reason) {
      await iterator.return?.(reason);
    },
  }, { highWaterMark: 0 });
}

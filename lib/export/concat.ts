/**
 * Concatenates the bytes of `parts`; each part is opened when the previous one has ended. Fails if
 * a part fails; cancelling it cancels the current part.
 */
export function concat(
  parts: Iterable<() => ReadableStream<Uint8Array>>,
): ReadableStream<Uint8Array> {
  const waiting = parts[Symbol.iterator]();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let isCancelled = false;

  async function pull(out: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (!isCancelled) {
      if (reader === undefined) {
        const next = waiting.next();
        if (next.done) return out.close();
        reader = next.value().getReader();
      }
      const { done, value } = await reader.read();
      if (!done) return isCancelled ? undefined : out.enqueue(value);
      reader = undefined;
    }
  }

  return new ReadableStream({
    pull,
    async cancel(reason) {
      isCancelled = true;
      await reader?.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

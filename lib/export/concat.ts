/**
 * The bytes of `parts` one after the other; each is opened when the one before it has ended. Fails
 * with the part that does; cancelled, it cancels the part that is being read at once.
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

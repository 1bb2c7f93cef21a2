/** A proxy for PostgreSQL that behaves like a pooler in transaction mode. */
export interface TransactionPooler {
  readonly port: number;
  close(): Promise<void>;
}

/** The server's message with its process number. */
const BACKEND_KEY = "K".charCodeAt(0);

/**
 * Forwards to the server at `port` and back, but with another process number, as PgBouncer does:
 * from it wick detects that session settings would not persist.
 */
export function openTransactionPooler(port: number): TransactionPooler {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const running = new Set<Promise<void>>();

  async function serve(): Promise<void> {
    for await (const near of listener) {
      const task = relay(near, port).finally(() => running.delete(task));
      running.add(task);
    }
  }

  const served = serve();
  return {
    port: listener.addr.port,
    async close() {
      listener.close();
      await served.catch(() => {});
      await Promise.all(running);
    },
  };
}

async function relay(near: Deno.Conn, port: number): Promise<void> {
  const far = await Deno.connect({ hostname: "127.0.0.1", port });
  const disguise = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      controller.enqueue(withOtherProcess(chunk));
    },
  });
  await Promise.allSettled([
    near.readable.pipeTo(far.writable),
    far.readable.pipeThrough(disguise).pipeTo(near.writable),
  ]);
}

/** The server sends the key in one chunk with the end of its greeting. */
function withOtherProcess(chunk: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let at = 0;
  while (at + 5 <= chunk.length) {
    const length = view.getUint32(at + 1);
    if (chunk[at] === BACKEND_KEY && length >= 12 && length <= 264 && at + 9 <= chunk.length) {
      view.setUint32(at + 5, view.getUint32(at + 5) ^ 0x5555);
    }
    at += 1 + length;
  }
  return chunk;
}

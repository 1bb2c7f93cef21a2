import { settlesWithin } from "../core/deadline.ts";
import { pack, type PackJob } from "./pack.ts";
import type { Part } from "./zip_stream.ts";
import type { PackMessage } from "./pack_worker.ts";

/**
 * `pack` in a thread of its own, so that packing a long file takes no time from answers to others.
 * The thread ends with the stream. Where no thread can be had, the work is done here.
 */
export function packInWorker(
  job: PackJob,
  parts: ReadableStream<Part>,
): ReadableStream<Uint8Array> {
  const source = new Source(parts);
  let packing: Promise<Packing> | undefined;
  let isCancelled = false;
  return new ReadableStream({
    async pull(out) {
      packing ??= begin(job, source.parts);
      const { reader, end } = await packing;
      try {
        const { done, value } = await reader.read();
        if (isCancelled) return;
        if (!done) return out.enqueue(value);
        end();
        out.close();
      } catch (error) {
        end();
        void source.cancel(error).catch(() => {});
        throw source.failure === undefined ? error : source.failure.error;
      }
    },
    async cancel(reason) {
      isCancelled = true;
      await source.cancel(reason); // at once, and not by way of the thread
      if (packing === undefined) return;
      const { reader, end } = await packing;
      await reader.cancel(reason).catch(() => {});
      await settlesWithin(source.left, LEAVE_MS);
      end();
    },
  }, { highWaterMark: 0 });
}

const LEAVE_MS = 500;

/** Parts on their way to another thread. */
class Source {
  readonly parts: ReadableStream<Part>;
  /** Why they failed: an error that comes back from the thread has lost its class. */
  failure: { readonly error: unknown } | undefined;
  /** Settles when the thread has let go of them: before, their channel is still open. */
  readonly left: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Part>;

  constructor(parts: ReadableStream<Part>) {
    this.#reader = parts.getReader();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.left = promise.then(() => new Promise((next) => setTimeout(next)));
    this.parts = new ReadableStream<Part>({
      pull: (out) => this.#pull(out),
      cancel: (reason) => {
        resolve();
        return this.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  async #pull(out: ReadableStreamDefaultController<Part>): Promise<void> {
    try {
      const { done, value } = await this.#reader.read();
      if (done) out.close();
      else out.enqueue(value);
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}

interface Packing {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly end: () => void;
}

async function begin(job: PackJob, parts: ReadableStream<Part>): Promise<Packing> {
  const worker = await startWorker().catch(() => undefined);
  if (worker === undefined) return { reader: pack(job, parts).getReader(), end() {} };
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const message: PackMessage = { job, parts, bytes: writable };
  worker.postMessage(message, [parts, writable] as unknown as Transferable[]);
  return { reader: readable.getReader(), end: () => worker.terminate() };
}

/** Rejects where there are no workers, or the module cannot be loaded in one. */
function startWorker(): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./pack_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      reject(new Error(event.message));
    };
  });
}

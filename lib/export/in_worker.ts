import { pack, type PackJob } from "./pack.ts";
import type { FromWorker, ToWorker } from "./pack_worker.ts";
import type { Part } from "./zip_stream.ts";

/** Parts on their way to the thread: enough that it need not wait for more. */
const PARTS_AHEAD = 4;

/**
 * `pack` in a separate thread, so that packing a long file takes no time from answers to others.
 * The thread ends with the stream. Where no thread can be had, the work is done here.
 */
export function packInWorker(
  job: PackJob,
  parts: ReadableStream<Part>,
): ReadableStream<Uint8Array> {
  const source = parts.getReader();
  let packing: Promise<Packing> | undefined;
  let isCancelled = false;
  return new ReadableStream({
    async pull(out) {
      const { read } = await (packing ??= begin(job, source));
      const bytes = await read();
      if (isCancelled) return;
      if (bytes === undefined) out.close();
      else out.enqueue(bytes);
    },
    async cancel(reason) {
      isCancelled = true;
      await source.cancel(reason); // immediately, instead of through the worker
      await (await packing)?.end();
    },
  }, { highWaterMark: 0 });
}

interface Packing {
  /** The next bytes; `undefined` at the end. Rejects when the parts or the packing fail. */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly end: () => unknown;
}

async function begin(job: PackJob, source: ReadableStreamDefaultReader<Part>): Promise<Packing> {
  const worker = await startWorker().catch(() => undefined);
  if (worker !== undefined) return new Thread(worker, job, source);
  const bytes = pack(job, rest(source)).getReader();
  return { read: async () => (await bytes.read()).value, end: () => bytes.cancel() };
}

/** Parts that `source` has not read yet. */
function rest<T>(source: ReadableStreamDefaultReader<T>): ReadableStream<T> {
  return new ReadableStream({
    async pull(out) {
      const { done, value } = await source.read();
      if (done) out.close();
      else out.enqueue(value);
    },
    cancel: (reason) => source.cancel(reason),
  }, { highWaterMark: 0 });
}

/** Rejects where workers are unsupported, or the module cannot be loaded in one. */
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

/**
 * A thread that packs. Parts and bytes travel as messages that move their memory, each only when
 * there is room for it on the other side: streams between threads queue without such a limit.
 */
class Thread implements Packing {
  readonly #worker: Worker;
  readonly #source: ReadableStreamDefaultReader<Part>;
  #ahead = 0;
  #isFeeding = false;
  #next = Promise.withResolvers<Uint8Array | undefined>();
  #isFirst = true;

  constructor(worker: Worker, job: PackJob, source: ReadableStreamDefaultReader<Part>) {
    this.#worker = worker;
    this.#source = source;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(event.message));
    };
    this.#send({ kind: "job", job });
    void this.#feed();
  }

  readonly read = async (): Promise<Uint8Array | undefined> => {
    if (!this.#isFirst) this.#send({ kind: "read" });
    this.#isFirst = false;
    const bytes = await this.#next.promise;
    this.#next = Promise.withResolvers();
    return bytes;
  };

  readonly end = (): void => this.#worker.terminate();

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "taken":
        this.#ahead--;
        return void this.#feed();
      case "bytes":
        return this.#next.resolve(message.bytes);
      case "end":
        this.end();
        return this.#next.resolve(undefined);
      case "failed":
        this.#fail(new Error(message.message));
    }
  }

  #fail(error: unknown): void {
    this.end();
    this.#next.promise.catch(() => {}); // it may not be read any more
    this.#next.reject(error);
    void this.#source.cancel(error).catch(() => {});
  }

  async #feed(): Promise<void> {
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    try {
      while (this.#ahead < PARTS_AHEAD) {
        const { done, value } = await this.#source.read();
        if (done) return this.#send({ kind: "end" });
        this.#ahead++;
        this.#send({ kind: "part", part: value }, memoryOf(value));
      }
      this.#isFeeding = false;
    } catch (error) {
      this.#fail(error);
    }
  }

  #send(message: ToWorker, memory: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, memory);
  }
}

function memoryOf(part: Part): ArrayBuffer[] {
  return part instanceof Uint8Array ? [part.buffer as ArrayBuffer] : [];
}

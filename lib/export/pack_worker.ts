import { pack, type PackJob } from "./pack.ts";
import type { Part } from "./zip_stream.ts";

/** Begins a job, then brings its parts and takes its bytes. */
export type ToWorker =
  | { readonly kind: "job"; readonly job: PackJob }
  | { readonly kind: "part"; readonly part: Part }
  | { readonly kind: "end" }
  /** The last `bytes` were read: the next may come. */
  | { readonly kind: "read" };

export type FromWorker =
  | { readonly kind: "ready" }
  /** A part was read: one more may come. */
  | { readonly kind: "taken" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly message: string };

/** Received parts that were not read yet; at most as many as the other side has credit for. */
class Inbox<T> {
  readonly #items: T[] = [];
  #wake = () => {};

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  async take(): Promise<T> {
    while (this.#items.length === 0) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#items.shift()!;
  }
}

const parts = new Inbox<Part | undefined>();
const reads = new Inbox<true>();

async function* takeParts(): AsyncGenerator<Part> {
  for (let part = await parts.take(); part !== undefined; part = await parts.take()) {
    yield part;
    send({ kind: "taken" });
  }
}

async function run(job: PackJob): Promise<void> {
  try {
    for await (const bytes of pack(job, ReadableStream.from(takeParts()))) {
      const own = new Uint8Array(bytes); // the codec continues to write to its memory
      send({ kind: "bytes", bytes: own }, [own.buffer]);
      await reads.take();
    }
    send({ kind: "end" });
  } catch (error) {
    send({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

/** The scope of a dedicated worker; its types cannot be loaded together with those of a window. */
interface WorkerScope {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, memory: readonly ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

function send(message: FromWorker, memory: readonly ArrayBuffer[] = []): void {
  scope.postMessage(message, memory);
}

scope.onmessage = ({ data }) => {
  if (data.kind === "job") void run(data.job);
  else if (data.kind === "read") reads.put(true);
  else parts.put(data.kind === "part" ? data.part : undefined);
};
send({ kind: "ready" });

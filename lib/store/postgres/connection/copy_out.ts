// @ts-types="@types/pg"
import type pg from "pg";

const CHUNK_BYTES = 64 * 1024;
const BUFFERED_BYTES = 1024 * 1024;

/** Members of the driver's connection that its types lack. */
interface Connection {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void };
}

export interface CopyOutOptions {
  /**
   * Called when the reader cancels: should stop the statement on the server. The remaining data are
   * drained.
   */
  readonly onCancel: () => void;
  /** Runs once, after the statement's end or failure; the stream ends after it. */
  readonly onEnd: (error: Error | undefined) => Promise<void>;
}

/**
 * Streams `COPY … TO STDOUT` as bytes, with backpressure: the socket pauses while the stream is not
 * read. Existing packages for this hang under Deno. A server error errors the stream, so that a
 * truncated result never looks complete.
 */
export function copyOut(
  client: pg.PoolClient,
  sql: string,
  options: CopyOutOptions,
): ReadableStream<Uint8Array> {
  const copy = new CopyOut(sql, options);
  // The driver takes any object with a `submit` method, and calls its `handle…` methods.
  client.query(copy as unknown as pg.Submittable);
  return copy.bytes;
}

class CopyOut {
  readonly bytes: ReadableStream<Uint8Array>;
  /** The driver sets its own handler here. */
  callback = () => {};
  #sql: string;
  #onEnd: CopyOutOptions["onEnd"];
  #ended = Promise.withResolvers<void>();
  #out!: ReadableStreamDefaultController<Uint8Array>;
  #connection: Connection | undefined;
  #chunk = new Uint8Array(CHUNK_BYTES);
  #filled = 0;
  #isPaused = false;
  /** The reader has cancelled. */
  #isOver = false;

  constructor(sql: string, { onCancel, onEnd }: CopyOutOptions) {
    this.#sql = sql;
    this.#onEnd = onEnd;
    this.bytes = new ReadableStream({
      start: (controller) => {
        this.#out = controller;
      },
      pull: () => this.#resume(),
      cancel: async () => {
        this.#isOver = true;
        onCancel();
        this.#resume(); // remaining data must be drained before the connection is usable
        await this.#ended.promise;
      },
    }, { highWaterMark: BUFFERED_BYTES, size: (chunk) => chunk?.byteLength ?? 0 });
  }

  submit(connection: Connection) {
    this.#connection = connection;
    connection.query(this.#sql);
    return null;
  }

  /** `chunk` is a view on a buffer that the driver's parser reuses: it must be copied now. */
  handleCopyData({ chunk }: { chunk: Uint8Array }) {
    if (this.#isOver) return;
    if (this.#filled + chunk.length > CHUNK_BYTES) this.#flush();
    if (chunk.length > CHUNK_BYTES) return this.#emit(chunk.slice());
    this.#chunk.set(chunk, this.#filled);
    this.#filled += chunk.length;
  }

  handleError(error: Error) {
    this.#resume();
    if (!this.#isOver) this.#out.error(error);
    this.#isOver = true;
    this.#onEnd(error).finally(this.#ended.resolve);
  }

  async handleReadyForQuery() {
    if (!this.#isOver) this.#flush();
    this.#resume(); // later data on the connection must not be delayed
    try {
      await this.#onEnd(undefined);
      if (!this.#isOver) this.#out.close();
    } catch (error) {
      if (!this.#isOver) this.#out.error(error);
    }
    this.#isOver = true;
    this.#ended.resolve();
  }

  handleCommandComplete() {}
  handleCopyOutResponse() {}
  handleRowDescription() {}
  handleDataRow() {}
  handlePortalSuspended() {}
  handleEmptyQuery() {}

  #flush() {
    if (this.#filled === 0) return;
    this.#emit(this.#chunk.slice(0, this.#filled));
    this.#filled = 0;
  }

  #emit(bytes: Uint8Array) {
    this.#out.enqueue(bytes);
    if ((this.#out.desiredSize ?? 0) > 0 || this.#isPaused) return;
    this.#isPaused = true;
    this.#connection?.stream.pause();
  }

  #resume() {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#connection?.stream.resume();
  }
}

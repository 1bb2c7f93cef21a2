import type { Series } from "../core/kline.ts";
import { type KlineRowText, openTimeOfRow } from "../core/text/kline_row_text.ts";
import type { EpochMs } from "../core/time.ts";
import type { Channel } from "./channel.ts";

export interface ViewerOptions {
  readonly channel: Channel;
  /** Sends closed candles that open strictly after this time. */
  readonly after: EpochMs;
  /** Called once when the stream has ended. */
  readonly onEnd: () => void;
}

/**
 * One viewer's stream of events. No events are queued: when its reader is ready, the viewer takes
 * the changes since its last event from the channel. A slow reader misses ticks, but no closes.
 */
export class Viewer {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #channel: Channel;
  readonly #onEnd: () => void;
  #after: EpochMs;
  #seenVersion = 0;
  #isBeatDue = false;
  #hasEnded = false;
  #wake = Promise.withResolvers<void>();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor({ channel, after, onEnd }: ViewerOptions) {
    this.#channel = channel;
    this.#after = after;
    this.#onEnd = onEnd;
    channel.listen(this.#notice);
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(RETRY);
      },
      pull: async (controller) => {
        const bytes = await this.#next();
        if (bytes !== undefined) controller.enqueue(bytes);
      },
      cancel: () => this.#leave(),
    });
  }

  get series(): Series {
    return this.#channel.series;
  }

  /** Sends a heartbeat as soon as the reader is ready. */
  beat(): void {
    this.#isBeatDue = true;
    this.#notice();
  }

  /** Ends the stream. */
  end(): void {
    if (this.#hasEnded) return;
    this.#leave();
    this.#controller?.close();
  }

  readonly #notice = () => this.#wake.resolve();

  #leave(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#channel.unlisten(this.#notice);
    this.#notice();
    this.#onEnd();
  }

  /** Waits for the next bytes to send; `undefined` when the stream has ended. */
  async #next(): Promise<Uint8Array | undefined> {
    while (!this.#hasEnded) {
      this.#wake = Promise.withResolvers();
      const bytes = await this.#closes() ?? this.#ticks() ?? this.#heartbeat();
      if (this.#hasEnded) return undefined;
      if (bytes !== undefined) return bytes;
      await this.#wake.promise;
    }
  }

  async #closes(): Promise<Uint8Array | undefined> {
    if (this.#channel.closedTo <= this.#after) return undefined;
    // While the store is unavailable nothing is sent; the next update tries again.
    const rows = await this.#channel.closesAfter(this.#after).catch(() => []);
    if (rows.length === 0) return undefined;
    this.#after = openTimeOfRow(rows.at(-1)!);
    return closeEvent(rows);
  }

  #ticks(): Uint8Array | undefined {
    const { rows, version } = this.#channel.ticksSince(this.#seenVersion, this.#after);
    this.#seenVersion = version;
    return rows.length === 0 ? undefined : tickEvent(rows);
  }

  #heartbeat(): Uint8Array | undefined {
    if (!this.#isBeatDue) return undefined;
    this.#isBeatDue = false;
    return HEARTBEAT;
  }
}

// Format text/event-stream: html.spec.whatwg.org, section "Server-sent events".

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A comment, which readers skip. It keeps proxies and hosts from closing a silent stream. */
const HEARTBEAT = encode(": \n\n");

/** Delay before a browser reconnects, in ms. */
const RETRY = encode("retry: 2000\n\n");

/** A reader that reconnects sends the newest id as `Last-Event-ID`. */
function closeEvent(rows: readonly KlineRowText[]): Uint8Array {
  return encode(
    rows.map((row) => `event: close\nid: ${openTimeOfRow(row)}\ndata: ${row}\n\n`).join(""),
  );
}

function tickEvent(rows: readonly KlineRowText[]): Uint8Array {
  return encode(rows.map((row) => `event: tick\ndata: ${row}\n\n`).join(""));
}

import type { Kline, Series } from "../core/kline.ts";
import type { LiveSource } from "../ports/live.ts";

/** An exchange's open candles, controlled by the test. */
export interface ManualLiveSource extends LiveSource {
  show(...klines: readonly Kline[]): void;
  /** Number of current watchers. */
  readonly watchers: number;
  /** Number of watchers started so far. */
  readonly begun: number;
}

export function manualLiveSource(): ManualLiveSource {
  let shown: readonly Kline[] = [];
  let changed = Promise.withResolvers<void>();
  let watchers = 0;
  let begun = 0;
  return {
    get watchers() {
      return watchers;
    },
    get begun() {
      return begun;
    },
    show(...klines) {
      shown = klines;
      changed.resolve();
      changed = Promise.withResolvers();
    },
    async *watch(_series: Series, signal: AbortSignal) {
      watchers++;
      begun++;
      const aborted = new Promise<void>((resolve) =>
        signal.addEventListener("abort", () => resolve(), { once: true })
      );
      try {
        while (!signal.aborted) {
          const next = changed.promise;
          if (shown.length > 0) yield shown;
          await Promise.race([next, aborted]);
        }
      } finally {
        watchers--;
      }
    },
  };
}

/** An event as read by a browser. */
export interface ServerSentEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Reads server-sent events one by one. */
export interface EventReader {
  /** The next event with that name, skipping others; `undefined` at the end of the stream. */
  next(name?: "tick" | "close"): Promise<ServerSentEvent | undefined>;
  /** Comments and fields without an event so far. */
  readonly others: string[];
  cancel(): Promise<void>;
}

export function readEvents(stream: ReadableStream<Uint8Array>): EventReader {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const others: string[] = [];
  let text = "";

  async function block(): Promise<string | undefined> {
    while (!text.includes("\n\n")) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
    const end = text.indexOf("\n\n");
    const first = text.slice(0, end);
    text = text.slice(end + 2);
    return first;
  }

  return {
    others,
    async next(name) {
      while (true) {
        const lines = await block();
        if (lines === undefined) return undefined;
        const field = (key: string) => new RegExp(`^${key}: (.*)$`, "m").exec(lines)?.[1];
        const event = field("event");
        if (event === undefined) others.push(lines);
        else if (name === undefined || event === name) {
          return { event, id: field("id"), data: field("data") ?? "" };
        }
      }
    },
    cancel: () => reader.cancel(),
  };
}

/** The candle some time before its end: fewer trades. */
export function movingAt(kline: Kline, trades: number): Kline {
  return { ...kline, numberOfTrades: trades };
}

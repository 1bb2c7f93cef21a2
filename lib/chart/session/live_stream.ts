import { eventStreamReader, type StreamEvent } from "./event_stream.ts";

export interface LiveStreamOptions {
  readonly href: string;
  /** Closed candles after this one are sent first. */
  readonly lastEventId: string | undefined;
  readonly onEvent: (event: StreamEvent) => void;
  /** Called with every sign of life, heartbeats included. */
  readonly onHeard: () => void;
}

/**
 * Reads server-sent events until the server ends the stream. Not an `EventSource`: that one keeps
 * heartbeats, which are comments, to itself.
 *
 * @throws when the server does not answer with a stream, when the line breaks, or `signal` aborts
 */
export async function readLiveStream(
  { href, lastEventId, onEvent, onHeard }: LiveStreamOptions,
  signal: AbortSignal,
): Promise<void> {
  const headers = new Headers({ accept: "text/event-stream" });
  if (lastEventId !== undefined) headers.set("last-event-id", lastEventId);
  const response = await fetch(href, { headers, signal, cache: "no-store" });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (!response.ok || !isStream || response.body === null) {
    await response.body?.cancel();
    throw new Error(`Cannot follow the market: the server answered ${response.status}`);
  }
  onHeard();
  const feed = eventStreamReader(onEvent);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    onHeard();
    feed(chunk.value);
  }
}

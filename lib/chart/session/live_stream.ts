export interface LiveStreamOptions {
  readonly href: string;
  /** Closed candles after this one are sent first. */
  readonly lastEventId: string | undefined;
  readonly onEvent: (event: StreamEvent) => void;
  /** Called for everything received, heartbeats included. */
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
    throw new Error(`Cannot stream live candles: the server returned ${response.status}`);
  }
  onHeard();
  const feed = eventStreamReader(onEvent);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    onHeard();
    feed(chunk.value);
  }
}

/** One event of a stream; an event without `event:` is a `message`. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * Reads `text/event-stream` as it comes in, in pieces that may end anywhere, by the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html: lines end with CR, LF or both,
 * an empty line ends an event, comments and unknown fields are passed over, an event without data
 * is none.
 */
export function eventStreamReader(onEvent: (event: StreamEvent) => void): (piece: string) => void {
  let rest = "";
  let [name, data, id]: [string, string[], string | undefined] = ["", [], undefined];
  const readLine = (line: string) => {
    if (line === "") {
      if (data.length > 0) onEvent({ name: name || "message", data: data.join("\n"), id });
      [name, data] = ["", []];
      return;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  };
  return (piece) => {
    // A CR at the end may be the first half of CR LF.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    lines.forEach(readLine);
  };
}

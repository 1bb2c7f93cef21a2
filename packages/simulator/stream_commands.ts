// JSON commands over the exchange's streams: web-socket-streams.md, "Live Subscribing".

/** Messages per second and connection, pings included. */
const MAX_PER_SECOND = 5;

/** Counts the messages of a client; the exchange disconnects one that sends too many. */
export class CommandPace {
  readonly #sent: number[] = [];

  isExceeded(): boolean {
    const now = performance.now();
    this.#sent.push(now);
    while (this.#sent[0]! <= now - 1_000) this.#sent.shift();
    return this.#sent.length > MAX_PER_SECOND;
  }
}

/** Carries out a command on the subscribed streams, and returns the response. */
export function answerCommand(
  text: string,
  streams: Map<string, number | undefined>,
  maxStreams: number,
): unknown {
  const command = tryJson(text);
  if (typeof command !== "object" || command === null) {
    return { code: 3, msg: "Invalid JSON: expected value" };
  }
  const { method, params = [], id } = command as Record<string, unknown>;
  if (!Array.isArray(params) || !params.every((name) => typeof name === "string")) {
    return { code: 1, msg: "Invalid value type: expected an array of strings", id };
  }
  switch (method) {
    case "SUBSCRIBE":
      if (new Set([...streams.keys(), ...params]).size > maxStreams) {
        return { code: 2, msg: `Invalid request: more than ${maxStreams} streams`, id };
      }
      for (const name of params) if (!streams.has(name)) streams.set(name, undefined);
      return { result: null, id };
    case "UNSUBSCRIBE":
      for (const name of params) streams.delete(name);
      return { result: null, id };
    case "LIST_SUBSCRIPTIONS":
      return { result: [...streams.keys()], id };
    default:
      return { code: 2, msg: "Invalid request: unknown variant", id };
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

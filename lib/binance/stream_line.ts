import { AppError } from "../core/errors.ts";
import { SECOND_MS } from "../core/time.ts";
import { hostName } from "../outbound/reach.ts";

export interface StreamLineOptions {
  readonly url: string;
  /** Most messages within ten seconds; a connection that sends more is closed. */
  readonly maxPace: number;
  readonly onText: (text: string) => void;
  /** Called once, when the connection has ended or could not be opened. */
  readonly onEnd: (failure: AppError | undefined) => void;
  readonly onOpen?: () => void;
}

/** Characters; an event of the exchange has 400, a list of 1,024 subscriptions 25,000. */
const MAX_MESSAGE = 100_000;
const PACE_MS = 10 * SECOND_MS;

/** A connection to the exchange's streams, with limits on what it may send. */
export class StreamLine {
  readonly #socket: WebSocket;
  readonly #pace: Pace;
  readonly #onText: (text: string) => void;
  readonly #onEnd: (failure: AppError | undefined) => void;
  readonly #signal: AbortSignal;
  readonly #close = () => this.close();
  #state: "opening" | "open" | "ended" = "opening";

  constructor({ url, maxPace, onText, onEnd, onOpen }: StreamLineOptions, signal: AbortSignal) {
    this.#pace = new Pace(maxPace);
    this.#onText = onText;
    this.#onEnd = onEnd;
    this.#signal = signal;
    this.#socket = new WebSocket(url);
    signal.addEventListener("abort", this.#close, { once: true });
    this.#socket.onopen = () => {
      if (this.#state !== "opening") return this.#socket.close();
      this.#state = "open";
      onOpen?.();
    };
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onerror = () => {
      const isRefused = this.#state === "opening";
      this.#end(isRefused ? unavailable(`${hostName(url)} refuses streams`) : undefined);
    };
    this.#socket.onclose = () => this.#end(undefined);
    if (signal.aborted) this.close();
  }

  /** At most five messages a second, or the exchange disconnects. */
  send(text: string): void {
    if (this.#state === "open") this.#socket.send(text);
  }

  close(): void {
    this.#end(undefined);
  }

  #take(data: unknown): void {
    if (this.#state === "ended") return;
    const size = typeof data === "string" ? data.length : Infinity;
    if (size <= MAX_MESSAGE && !this.#pace.isExceeded()) return this.#onText(data as string);
    const what = size > MAX_MESSAGE ? "a message that is too large" : "too many messages";
    this.#end(unavailable(`its stream sends ${what}`));
  }

  #end(failure: AppError | undefined): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#signal.removeEventListener("abort", this.#close);
    this.#socket.close();
    this.#onEnd(failure);
  }
}

export function unavailable(message: string): AppError {
  return new AppError("exchange_unavailable", `Cannot follow the exchange: ${message}`, {
    retryAfterMs: 5 * SECOND_MS,
  });
}

/** Counts messages by a monotonic clock. */
class Pace {
  readonly #max: number;
  #start = performance.now();
  #count = 0;

  constructor(max: number) {
    this.#max = max;
  }

  isExceeded(): boolean {
    const now = performance.now();
    if (now - this.#start > PACE_MS) [this.#start, this.#count] = [now, 0];
    return ++this.#count > this.#max;
  }
}

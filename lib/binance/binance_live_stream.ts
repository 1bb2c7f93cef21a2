import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { toPlainText } from "../core/plain_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { LiveSource } from "../ports/live.ts";
import { klineRowSchema } from "./binance_schema.ts";
import { toKline } from "./kline_row.ts";
import { requireSound } from "./kline_rules.ts";
import type { Oddities } from "./oddities.ts";
import { parsePayload } from "./parse_payload.ts";
import { hostName } from "../outbound/reach.ts";

export interface LiveStreamOptions {
  /** Such as wss://data-stream.binance.vision. */
  readonly origin: string;
  readonly clock: Clock;
  readonly oddities: Oddities;
}

/** A connection without a message for this long counts as dead. */
const SILENCE_MS = 90 * SECOND_MS;
/** Without trades no message is sent, so only the clock shows that a candle has ended. */
const REPEAT_MS = 5 * SECOND_MS;

/** Source: github.com/binance/binance-spot-api-docs, web-socket-streams.md, "Kline streams". */
const eventSchema = z.object({
  e: z.literal("kline"),
  k: z.looseObject({
    /** Open time. */
    t: z.unknown(),
    /** Close time. */
    T: z.unknown(),
    s: z.string().optional(),
    i: z.string().optional(),
  }),
});

/**
 * Binance's kline stream, one connection per series. The exchange closes it after 24 hours at the
 * latest. The caller then watches again, and fetches candles that closed in between.
 */
export function createLiveStream({ origin, clock, oddities }: LiveStreamOptions): LiveSource {
  return {
    async *watch(series: Series, signal: AbortSignal): AsyncGenerator<readonly Kline[]> {
      const { symbol, interval } = series;
      const stream = `${encodeURIComponent(symbol.toLowerCase())}@kline_${interval}`;
      const line = new Line(`${origin}/ws/${stream}`, signal, oddities);
      let klines: readonly Kline[] = [];
      let heardAt: EpochMs = clock.now();
      try {
        while (true) {
          const message = await line.next(REPEAT_MS);
          if (message === "closed") return;
          if (isShutdown(message)) return;
          const kline = message === "silent" ? undefined : tryEvent(message, series, oddities);
          if (kline !== undefined) {
            heardAt = clock.now();
            klines = withNewest(klines, kline);
          } else if (clock.now() > heardAt + SILENCE_MS) {
            throw unavailable(`${origin} sent nothing for ${SILENCE_MS / SECOND_MS} s`);
          }
          if (klines.length > 0) yield klines;
        }
      } finally {
        line.close();
      }
    },
  };
}

/** The previous candle is kept: its last message is its final state. */
function withNewest(klines: readonly Kline[], newest: Kline): readonly Kline[] {
  return [...klines.filter((kline) => kline.openTime < newest.openTime).slice(-1), newest];
}

function isShutdown(message: unknown): boolean {
  return typeof message === "object" && message !== null && "e" in message &&
    message.e === "serverShutdown";
}

/** Reports and skips an unknown or malformed message. */
function tryEvent(message: unknown, series: Series, oddities: Oddities): Kline | undefined {
  try {
    return readEvent(message, series);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    oddities.report(`Skipped a message of ${seriesName(series)}'s stream: ${error.message}`);
    return undefined;
  }
}

function readEvent(message: unknown, series: Series): Kline {
  const what = `the stream of ${seriesName(series)}`;
  const { k } = parsePayload(eventSchema, message, what);
  if ((k.s ?? series.symbol) !== series.symbol || (k.i ?? series.interval) !== series.interval) {
    throw new AppError(
      "bad_payload",
      `Cannot read ${what}: the candle belongs to ${toPlainText(`${k.s} ${k.i}`, 40)}`,
    );
  }
  const row = [k.t, k["o"], k["h"], k["l"], k["c"], k["v"], k.T, k["q"], k["n"], k["V"], k["Q"]];
  const kline = toKline(parsePayload(klineRowSchema, [...row, "0"], what));
  requireSound([kline], series);
  return kline;
}

function unavailable(message: string): AppError {
  return new AppError("exchange_unavailable", `Cannot follow the exchange: ${message}`, {
    retryAfterMs: 5 * SECOND_MS,
  });
}

/** A WebSocket that is read one message at a time. Of unread messages the newest are kept. */
class Line {
  readonly #socket: WebSocket;
  readonly #messages: unknown[] = [];
  readonly #pace = new Pace();
  #wake = Promise.withResolvers<void>();
  #state: "opening" | "open" | "closed" = "opening";
  #failure: AppError | undefined;

  readonly #oddities: Oddities;

  constructor(url: string, signal: AbortSignal, oddities: Oddities) {
    this.#oddities = oddities;
    this.#socket = new WebSocket(url);
    const close = () => this.close();
    signal.addEventListener("abort", close, { once: true });
    this.#socket.onopen = () => this.#state = "open";
    this.#socket.onmessage = ({ data }) => this.#take(data);
    this.#socket.onerror = () => {
      if (this.#state !== "opening" || signal.aborted) return;
      this.#failure = unavailable(
        `${hostName(url)} refuses streams`,
      );
    };
    this.#socket.onclose = () => {
      signal.removeEventListener("abort", close);
      this.#state = "closed";
      this.#wake.resolve();
    };
  }

  #take(data: unknown): void {
    const size = typeof data === "string" ? data.length : Infinity;
    if (size > MAX_MESSAGE || this.#pace.isExceeded()) {
      const what = size > MAX_MESSAGE ? "a message that is too large" : "too many messages";
      this.#failure ??= unavailable(`its stream sends ${what}`);
      this.close();
      this.#wake.resolve();
      return;
    }
    try {
      this.#messages.push(JSON.parse(data as string));
      if (this.#messages.length > MAX_WAITING) this.#messages.shift();
    } catch {
      this.#oddities.report("Skipped a message of the stream: it is not JSON");
      return;
    }
    this.#wake.resolve();
  }

  /** @throws `exchange_unavailable` when the connection could not be opened */
  async next(maxMs: number): Promise<unknown | "silent" | "closed"> {
    if (this.#messages.length === 0 && this.#state !== "closed") {
      this.#wake = Promise.withResolvers();
      const timer = setTimeout(this.#wake.resolve, maxMs);
      await this.#wake.promise;
      clearTimeout(timer);
    }
    if (this.#failure) throw this.#failure;
    if (this.#messages.length > 0) return this.#messages.shift();
    return this.#state === "closed" ? "closed" : "silent";
  }

  close(): void {
    this.#socket.close();
    if (this.#state === "opening") this.#state = "closed";
    this.#wake.resolve();
  }
}

const MAX_WAITING = 100;
/** Characters; an event of the exchange has 400. */
const MAX_MESSAGE = 20_000;
/** Messages within PACE_MS; the exchange sends one or two a second. */
const MAX_PACE = 500;
const PACE_MS = 10 * SECOND_MS;

/** Counts messages by a monotonic clock. */
class Pace {
  #start = performance.now();
  #count = 0;

  isExceeded(): boolean {
    const now = performance.now();
    if (now - this.#start > PACE_MS) [this.#start, this.#count] = [now, 0];
    return ++this.#count > MAX_PACE;
  }
}

import { AppError } from "../core/errors.ts";
import { type Kline, type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { Clock } from "../ports/host.ts";
import type { LiveSource } from "../ports/live.ts";
import type { Hosts } from "./hosts.ts";
import { isShutdown, readKlineEvent, streamPath } from "./kline_event.ts";
import type { Oddities } from "./oddities.ts";
import { StreamLine, unavailable } from "./stream_line.ts";

export interface LiveStreamOptions {
  /** Origins such as wss://data-stream.binance.vision. */
  readonly hosts: Hosts;
  readonly clock: Clock;
  readonly oddities: Oddities;
}

/** A connection without a message for this long counts as dead. */
const SILENCE_MS = 90 * SECOND_MS;
/** Without trades no message is sent, so only the clock shows that a candle has ended. */
const REPEAT_MS = 5 * SECOND_MS;

/**
 * Binance's kline stream, one connection per series. The exchange closes it after 24 hours at the
 * latest. The caller then watches again, and fetches candles that closed in between.
 */
export function createLiveStream(options: LiveStreamOptions): LiveSource {
  const { hosts } = options;
  return {
    async *watch(series: Series, signal: AbortSignal): AsyncGenerator<readonly Kline[]> {
      for (let attempt = 1;; attempt++) {
        const origin = hosts.current();
        let isHeard = false;
        try {
          for await (const klines of watchHost(options, origin, series, signal)) {
            isHeard = true;
            yield klines;
          }
          return;
        } catch (error) {
          if (signal.aborted || !(error instanceof AppError)) throw error;
          hosts.fail(origin, error.message);
          if (isHeard || attempt >= hosts.count) throw error;
        }
      }
    },
  };
}

async function* watchHost(
  { clock, oddities }: LiveStreamOptions,
  origin: string,
  series: Series,
  signal: AbortSignal,
): AsyncGenerator<readonly Kline[]> {
  const inbox = new Inbox(`${origin}/ws/${streamPath(series)}`, signal, oddities);
  let klines: readonly Kline[] = [];
  let heardAt: EpochMs = clock.now();
  try {
    while (true) {
      const message = await inbox.next(REPEAT_MS);
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
    inbox.close();
  }
}

/** The previous candle is kept: its last message is its final state. */
function withNewest(klines: readonly Kline[], newest: Kline): readonly Kline[] {
  return [...klines.filter((kline) => kline.openTime < newest.openTime).slice(-1), newest];
}

/** Reports and skips an unknown or malformed message. */
function tryEvent(message: unknown, series: Series, oddities: Oddities): Kline | undefined {
  try {
    return readKlineEvent(message, series).kline;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    oddities.report(`Skipped a message of ${seriesName(series)}'s stream: ${error.message}`);
    return undefined;
  }
}

const MAX_WAITING = 100;
/** Messages within ten seconds; the exchange sends one or two a second. */
const MAX_PACE = 500;

/** Messages of a connection, read one at a time. Of unread messages the newest are kept. */
class Inbox {
  readonly #line: StreamLine;
  readonly #messages: unknown[] = [];
  readonly #oddities: Oddities;
  #wake = Promise.withResolvers<void>();
  #isClosed = false;
  #failure: AppError | undefined;

  constructor(url: string, signal: AbortSignal, oddities: Oddities) {
    this.#oddities = oddities;
    this.#line = new StreamLine({
      url,
      maxPace: MAX_PACE,
      onText: (text) => this.#take(text),
      onEnd: (failure) => {
        this.#failure = failure;
        this.#isClosed = true;
        this.#wake.resolve();
      },
    }, signal);
  }

  #take(text: string): void {
    try {
      this.#messages.push(JSON.parse(text));
      if (this.#messages.length > MAX_WAITING) this.#messages.shift();
    } catch {
      this.#oddities.report("Skipped a message of the stream: it is not JSON");
      return;
    }
    this.#wake.resolve();
  }

  /** @throws `exchange_unavailable` when the connection could not be opened */
  async next(maxMs: number): Promise<unknown | "silent" | "closed"> {
    if (this.#messages.length === 0 && !this.#isClosed) {
      this.#wake = Promise.withResolvers();
      const timer = setTimeout(this.#wake.resolve, maxMs);
      await this.#wake.promise;
      clearTimeout(timer);
    }
    if (this.#failure) throw this.#failure;
    if (this.#messages.length > 0) return this.#messages.shift();
    return this.#isClosed ? "closed" : "silent";
  }

  close(): void {
    this.#line.close();
  }
}

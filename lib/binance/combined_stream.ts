import { z } from "zod";
import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { ClosedEvent } from "../ports/close_streams.ts";
import type { Clock } from "../ports/host.ts";
import { isShutdown, readKlineEvent, streamName, streamPath } from "./kline_event.ts";
import type { Oddities } from "./oddities.ts";
import { StreamLine, unavailable } from "./stream_line.ts";

export interface CombinedStreamOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly oddities: Oddities;
  readonly onClose: (event: ClosedEvent) => void;
}

/** Longest address that Binance is known to accept is about 8,000 characters. */
const MAX_ADDRESS = 4_000;
/** Names in one command, and the pause between two: Binance allows five messages a second. */
const BATCH = 200;
const COMMAND_PAUSE_MS = 300;
const READY_MS = 20 * SECOND_MS;

/** Messages of a connection within ten seconds: one a second per stream, and a burst of closes. */
const paceOf = (streams: number) => 1_000 + 20 * streams;

/** Most messages are of open candles, and not worth parsing. */
const OPEN_CANDLE = /"x"\s*:\s*false/;

const wrapperSchema = z.object({ stream: z.string(), data: z.unknown() });
const responseSchema = z.object({
  id: z.int(),
  error: z.object({ msg: z.string() }).optional(),
  msg: z.string().optional(),
});

/**
 * One connection to `/stream?streams=…`. Names that do not fit into the address are subscribed to
 * by commands.
 */
export class CombinedStream {
  readonly origin: string;
  readonly openedAt: EpochMs;
  /** Resolves when all streams are subscribed to; rejects with `exchange_unavailable`. */
  readonly ready: Promise<void>;
  /** Resolves when the connection has ended, with the reason. */
  readonly ended: Promise<string>;
  readonly #options: CombinedStreamOptions;
  readonly #byStream: ReadonlyMap<string, Series>;
  readonly #line: StreamLine;
  readonly #opened = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<string>();
  /** Resolvers of commands without a response, by id. */
  readonly #commands = new Map<number, () => void>();
  #heardAt = performance.now();
  #isHeard = false;
  #isLeaving = false;
  #isEnded = false;

  constructor(origin: string, series: readonly Series[], options: CombinedStreamOptions) {
    this.origin = origin;
    this.ended = this.#ended.promise;
    this.openedAt = options.clock.now();
    this.#options = options;
    this.#byStream = new Map(series.map((one) => [streamName(one), one]));
    const { first, rest } = fitAddress(series);
    this.#line = new StreamLine({
      url: `${origin}/stream?streams=${first.map(streamPath).join("/")}`,
      maxPace: paceOf(series.length),
      onOpen: this.#opened.resolve,
      onText: (text) => this.#take(text),
      onEnd: (failure) => this.#end(failure),
    }, options.signal);
    this.ready = this.#subscribe(rest.map(streamName));
    this.ready.catch(() => {}); // the caller may stop waiting
  }

  /** True if anything was received. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Time since the last message, by a monotonic clock. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  /** True if the exchange has announced the connection's end. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  close(): void {
    this.#line.close();
  }

  async #subscribe(names: readonly string[]): Promise<void> {
    const { clock, signal } = this.#options;
    const timer = setTimeout(
      () => this.#end(unavailable(`${this.origin} did not confirm subscriptions`)),
      READY_MS,
    );
    try {
      await this.#opened.promise;
      for (let i = 0; i * BATCH < names.length; i++) {
        if (i > 0) await clock.sleep(COMMAND_PAUSE_MS, signal);
        await this.#command(i + 1, names.slice(i * BATCH, (i + 1) * BATCH));
      }
      if (this.#isEnded) throw unavailable(`${this.origin} closed the connection`);
    } finally {
      clearTimeout(timer);
    }
  }

  async #command(id: number, params: readonly string[]): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#commands.set(id, done.resolve);
    this.#line.send(JSON.stringify({ method: "SUBSCRIBE", params, id }));
    await done.promise;
  }

  #end(failure: AppError | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#opened.reject(failure ?? unavailable(`${this.origin} closed the connection`));
    this.#ended.resolve(failure?.message ?? "it was closed");
    for (const resolve of this.#commands.values()) resolve();
    this.#line.close();
  }

  #take(text: string): void {
    this.#heardAt = performance.now();
    this.#isHeard = true;
    if (OPEN_CANDLE.test(text)) return;
    try {
      this.#read(JSON.parse(text));
    } catch (error) {
      const reason = error instanceof AppError ? error.message : "it is not JSON";
      if (!(error instanceof AppError || error instanceof SyntaxError)) throw error;
      this.#options.oddities.report(`Skipped a message of the combined streams: ${reason}`);
    }
  }

  #read(message: unknown): void {
    const response = responseSchema.safeParse(message).data;
    if (response !== undefined) return this.#confirm(response);
    const { stream, data } = wrapperSchema.safeParse(message).data ?? { data: message };
    if (isShutdown(data)) {
      this.#isLeaving = true;
      return;
    }
    const series = stream === undefined ? undefined : this.#byStream.get(stream);
    if (series === undefined) {
      const name = stream === undefined ? "none" : toPlainText(stream, 40);
      throw new AppError("bad_payload", `Cannot read a message of stream ${name}`);
    }
    const { kline, isClosed, eventTime } = readKlineEvent(data, series);
    if (!isClosed) return;
    if (eventTime === undefined) {
      throw new AppError("bad_payload", `Cannot read the stream ${stream}: it sends no event time`);
    }
    this.#options.onClose({ ...series, kline, eventTime });
  }

  #confirm({ id, error, msg }: z.output<typeof responseSchema>): void {
    const refusal = error?.msg ?? msg;
    if (refusal !== undefined) {
      this.#options.oddities.report(
        `Binance refuses subscriptions to streams: ${toPlainText(refusal, 100)}`,
      );
    }
    this.#commands.get(id)?.();
    this.#commands.delete(id);
  }
}

/** The series whose names fit into an address, and the others. */
function fitAddress(series: readonly Series[]) {
  let length = 0;
  const end = series.findIndex((one) => (length += streamPath(one).length + 1) > MAX_ADDRESS);
  const count = end === -1 ? series.length : end;
  return { first: series.slice(0, count), rest: series.slice(count) };
}

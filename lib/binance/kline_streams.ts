import { describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { type EpochMs, MINUTE_MS, SECOND_MS } from "../core/time.ts";
import type {
  ClosedEvent,
  CloseFollower,
  CloseStreams,
  StreamConnection,
} from "../ports/close_streams.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { CombinedStream } from "./combined_stream.ts";
import type { Hosts } from "./hosts.ts";
import type { Oddities } from "./oddities.ts";

export interface KlineStreamsOptions {
  readonly hosts: Hosts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly oddities: Oddities;
  /** Returns [0, 1), to spread connection attempts. */
  readonly random: () => number;
  /** A connection without a message for this long counts as dead. */
  readonly silenceMs?: number;
  /** Interval between two looks at a connection's age and silence. */
  readonly watchMs?: number;
}

/** Streams of one connection; Binance's limit. */
export const MAX_STREAMS = 1_024;
/** Binance disconnects after 24 hours; each connection is replaced up to half an hour earlier. */
const MAX_AGE_MS = 23.5 * 60 * MINUTE_MS;
const AGE_SPREAD_MS = 30 * MINUTE_MS;
const SILENCE_MS = 60 * SECOND_MS;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = MINUTE_MS;
/** Binance allows 300 attempts to connect per address; other programs may need some. */
const MAX_ATTEMPTS = 100;
const ATTEMPTS_MS = 5 * MINUTE_MS;

type OnClose = (event: ClosedEvent) => void;

/**
 * Binance's combined kline streams: up to 1,024 series per connection. A connection is replaced
 * before its end, and when its series change, with both open until the new one has subscribed.
 */
export function createKlineStreams(options: KlineStreamsOptions): CloseStreams {
  const attempts = createAttemptPace(options.clock);
  return {
    follow(onClose, signal) {
      return new Follower({ ...options, attempts, onClose, signal });
    },
  };
}

interface FollowerParts extends KlineStreamsOptions {
  readonly attempts: (signal: AbortSignal) => Promise<void>;
  readonly onClose: OnClose;
  readonly signal: AbortSignal;
}

class Follower implements CloseFollower {
  readonly #parts: FollowerParts;
  readonly #shards = new Set<Shard>();
  readonly #shardOf = new Map<string, Shard>();
  readonly #running = new Set<Promise<void>>();
  #malformed = 0;

  constructor(parts: FollowerParts) {
    const { oddities } = parts;
    const report = (message: string) => {
      this.#malformed++;
      oddities.report(message);
    };
    this.#parts = { ...parts, oddities: { report } };
  }

  want(series: readonly Series[]): void {
    const wanted = new Map(series.map((one) => [seriesName(one), one]));
    for (const shard of this.#shards) shard.keep(wanted);
    for (const name of [...this.#shardOf.keys()]) {
      if (!wanted.has(name)) this.#shardOf.delete(name);
    }
    const added = [...wanted].filter(([name]) => !this.#shardOf.has(name));
    this.#makeRoom(wanted.size);
    for (const [name, one] of added) {
      const smallest = [...this.#shards].reduce((a, b) => b.size < a.size ? b : a);
      smallest.add(one);
      this.#shardOf.set(name, smallest);
    }
    for (const shard of this.#shards) {
      if (shard.size === 0) this.#shards.delete(shard);
    }
  }

  isFollowed(series: Series): boolean {
    const shard = this.#shardOf.get(seriesName(series));
    return shard !== undefined && shard.brokenSince === undefined;
  }

  brokenSince(): EpochMs | undefined {
    const broken = [...this.#shards].flatMap((shard) => shard.brokenSince ?? []);
    return broken.length === 0 ? undefined : Math.min(...broken);
  }

  connections(): readonly StreamConnection[] {
    return [...this.#shards].map((shard) => shard.describe());
  }

  malformed(): number {
    return this.#malformed;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #makeRoom(series: number): void {
    while (this.#shards.size * MAX_STREAMS < series) {
      const shard = new Shard(this.#parts);
      this.#shards.add(shard);
      const running = shard.run();
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    }
  }
}

/** The series of one connection, which replaces itself. */
class Shard {
  readonly #parts: FollowerParts;
  readonly #series = new Map<string, Series>();
  #isChanged = false;
  #active: CombinedStream | undefined;
  #brokenSince: EpochMs | undefined;
  #failures = 0;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#brokenSince = parts.clock.now();
  }

  get size(): number {
    return this.#series.size;
  }

  /** Set while there is no connection that has subscribed to the shard's series. */
  get brokenSince(): EpochMs | undefined {
    return this.#brokenSince;
  }

  add(series: Series): void {
    this.#series.set(seriesName(series), series);
    this.#isChanged = true;
  }

  /**
   * Drops the series that are no longer wanted; their events are ignored until the next connection.
   */
  keep(wanted: ReadonlyMap<string, Series>): void {
    for (const name of this.#series.keys()) {
      if (!wanted.has(name)) this.#series.delete(name);
    }
  }

  describe(): StreamConnection {
    const { hosts } = this.#parts;
    return {
      host: this.#active?.origin ?? hosts.current(),
      streams: this.size,
      isOpen: this.#brokenSince === undefined,
    };
  }

  async run(): Promise<void> {
    const { signal } = this.#parts;
    while (!signal.aborted) {
      await Promise.resolve(); // the caller adds the first series
      if (this.size === 0) break;
      try {
        await this.#replace();
        if (await this.#watch() === "lost") await this.#pause();
      } catch (error) {
        if (signal.aborted) break;
        this.#parts.log.debug(describeError(error));
        if (this.#active?.isEnded) this.#lose(this.#active, await this.#active.ended);
        await this.#pause();
      }
    }
    this.#active?.close();
    this.#active = undefined;
  }

  /** Opens a connection, and closes the former one when the new one has subscribed. */
  async #replace(): Promise<void> {
    const { hosts, signal, clock, attempts, onClose, oddities } = this.#parts;
    await attempts(signal);
    const origin = hosts.current();
    this.#isChanged = false;
    const stream = new CombinedStream(origin, [...this.#series.values()], {
      signal,
      clock,
      onClose,
      oddities,
    });
    try {
      await stream.ready;
    } catch (error) {
      stream.close();
      if (!signal.aborted) hosts.fail(origin, describeError(error));
      throw error;
    }
    this.#active?.close();
    this.#active = stream;
    this.#brokenSince = undefined;
  }

  /** Resolves when the connection must be replaced: `due` while it still works, `lost` when not. */
  async #watch(): Promise<"due" | "lost"> {
    const { clock, signal, random, silenceMs = SILENCE_MS, watchMs = SECOND_MS } = this.#parts;
    const stream = this.#active!;
    const endsAt = stream.openedAt + MAX_AGE_MS - random() * AGE_SPREAD_MS;
    while (!signal.aborted && this.size > 0) {
      if (stream.isHeard) this.#failures = 0;
      if (stream.isEnded) return this.#lose(stream, await stream.ended);
      if (stream.silentMs > silenceMs) {
        return this.#lose(stream, `no data for ${silenceMs / SECOND_MS} s`);
      }
      if (stream.isLeaving || clock.now() >= endsAt || this.#isChanged) return "due";
      await Promise.race([stream.ended, clock.sleep(watchMs, signal).catch(() => {})]);
    }
    return "due";
  }

  #lose(stream: CombinedStream, reason: string): "lost" {
    const { clock, hosts, log } = this.#parts;
    log.debug(`Lost a connection with ${this.size} streams to ${stream.origin}: ${reason}`);
    if (!stream.isHeard || !stream.isEnded) hosts.fail(stream.origin, reason);
    stream.close();
    this.#active = undefined;
    this.#brokenSince = clock.now();
    return "lost";
  }

  /** A random pause, doubled with each failure until a connection sends something. */
  async #pause(): Promise<void> {
    const { clock, random, signal } = this.#parts;
    const most = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures++, 10));
    await clock.sleep(most * (0.5 + random() / 2), signal).catch(() => {});
  }
}

/** Resolves when another connection may be attempted. */
function createAttemptPace({ now, sleep }: Clock): (signal: AbortSignal) => Promise<void> {
  const made: EpochMs[] = [];
  return async (signal) => {
    while (true) {
      while (made.length > 0 && (made[0]! <= now() - ATTEMPTS_MS || made[0]! > now())) made.shift();
      if (made.length < MAX_ATTEMPTS) break;
      await sleep(made[0]! + ATTEMPTS_MS - now(), signal);
    }
    signal.throwIfAborted();
    made.push(now());
  };
}

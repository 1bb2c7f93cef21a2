import { AppError, describeError } from "../../core/errors.ts";
import type { Interval } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from "../../core/time.ts";
import type { Leases } from "../../ports/boards.ts";
import type {
  ClosedEvent,
  CloseFollower,
  CloseStreams,
  StreamBoard,
  StreamState,
} from "../../ports/close_streams.ts";
import type { Clock } from "../../ports/host.ts";
import type { SeriesKline } from "../../ports/kline_store.ts";
import type { JobDeps } from "../run.ts";
import { StreamLedger } from "./stream_ledger.ts";
import { StreamRest } from "./stream_rest.ts";
import { streamedIntervals } from "./stream_cover.ts";
import { StreamWriter } from "./stream_writer.ts";

export interface StreamFeedDeps extends JobDeps {
  readonly streams: CloseStreams;
  readonly board: StreamBoard;
  readonly leases: Leases;
  readonly clock: Clock;
  /** The exchange's clock. */
  readonly serverTime: () => EpochMs;
  readonly weightLimit: () => number;
  readonly listSeries: (signal: AbortSignal) => Promise<readonly Series[]>;
  /** Set when the exchange identifies itself as a simulator. */
  readonly simulated: () => string | undefined;
  /** Pause between two writes; default a second. */
  readonly tickMs?: number;
}

const TICK_MS = SECOND_MS;
/** Time after which the followed series are chosen again. */
const CHOICE_MS = 5 * MINUTE_MS;
const LEASE_RETRY_MS = 5 * SECOND_MS;
const PUBLISH_MS = 5 * SECOND_MS;
/** Pause while the database is unavailable. */
const STORE_PAUSE_MS = 5 * SECOND_MS;
/** Connections may be broken for this long before other jobs request the series. */
const RECONNECT_MS = 30 * SECOND_MS;
/** Older candles are not compared with the next one; REST then brings all between them. */
const RECENT_MS = 2 * DAY_MS;
/** Candles of a series that may wait while the database is unavailable. */
const MAX_WAITING = 5;

/**
 * Stores closed candles from the exchange's streams until `stopping` aborts, in the instance that
 * holds the lease. Series whose closes are cheap to fetch are left to the collector.
 */
export async function followCloses(deps: StreamFeedDeps, stopping: AbortSignal): Promise<void> {
  const { leases, clock, log } = deps;
  while (!stopping.aborted) {
    let pauseMs = LEASE_RETRY_MS;
    try {
      const streamed = streamedIntervals(await deps.listSeries(stopping), deps.weightLimit());
      if (streamed.size === 0) pauseMs = MINUTE_MS;
      else await leases.hold("streams", stopping, (signal) => new StreamFeed(deps, signal).run());
    } catch (error) {
      if (stopping.aborted) return;
      const isExpected = error instanceof AppError;
      log[isExpected ? "debug" : "error"](`Cannot collect by streams: ${describeError(error)}`);
    }
    await clock.sleep(pauseMs, stopping).catch(() => {});
  }
}

class StreamFeed {
  readonly #deps: StreamFeedDeps;
  readonly #signal: AbortSignal;
  readonly #ledger: StreamLedger;
  readonly #writer: StreamWriter;
  readonly #rest: StreamRest;
  readonly #follower: CloseFollower;
  readonly #since: EpochMs;
  #intervals: readonly Interval[] = [];
  #refused = 0;
  #chosenAt = -Infinity;
  #published = { at: -Infinity, connections: "" };
  #pausedUntil = -Infinity;

  constructor(deps: StreamFeedDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#since = deps.clock.now();
    this.#ledger = new StreamLedger(deps.serverTime);
    const onRefused = (candle: SeriesKline) => {
      this.#refused++;
      this.#ledger.retract(candle, candle.kline.openTime);
    };
    this.#writer = new StreamWriter({ ...deps, now: deps.clock.now, onRefused });
    const onHeld = (event: ClosedEvent) => this.#take(event);
    this.#rest = new StreamRest({ ...deps, ledger: this.#ledger, onHeld }, signal);
    this.#follower = deps.streams.follow((event) => this.#take(event), signal);
  }

  /** Ends when `signal` aborts or no interval is streamed any more. */
  async run(): Promise<void> {
    const { clock, runs, tickMs = TICK_MS, log } = this.#deps;
    await runs.requireMarket();
    try {
      await this.#rest.readClock();
      await this.#choose();
      if (this.#ledger.size > 0) log.info(this.#describe());
      while (!this.#signal.aborted && this.#intervals.length > 0) {
        await this.#step();
        await clock.sleep(tickMs, this.#signal).catch(() => {});
      }
    } finally {
      this.#follower.want([]);
      await this.#end();
    }
  }

  async #step(): Promise<void> {
    const now = this.#deps.clock.now();
    if (now < this.#pausedUntil && now > this.#pausedUntil - STORE_PAUSE_MS) return;
    await this.#try(() => this.#flush());
    if (isDue(this.#chosenAt, CHOICE_MS, now)) await this.#try(() => this.#choose());
    this.#rest.fillDue((series) => this.#follower.isFollowed(series));
    this.#rest.checkDue();
    await this.#try(() => this.#publish());
  }

  /** Continues after expected failures, which the client of the database or exchange logs. */
  async #try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (this.#signal.aborted) return;
      if (!(error instanceof AppError)) throw error;
      this.#deps.log.debug(`Collecting by streams: ${describeError(error)}`);
      this.#pausedUntil = this.#deps.clock.now() + STORE_PAUSE_MS;
    }
  }

  #take(event: ClosedEvent): void {
    const { verdict, reason } = this.#ledger.judge(event);
    if (verdict === "take") return this.#writer.take(event);
    if (verdict === "ahead") return this.#takeLater(event);
    if (reason !== undefined) this.#refuse(event, reason);
  }

  /** Either the event or our reading of the exchange's clock is wrong. */
  #takeLater(event: ClosedEvent): void {
    const { clock } = this.#deps;
    const arrivedAt = clock.now();
    this.#rest.doubtClock(() => {
      const { verdict, reason } = this.#ledger.judge(event, clock.now() - arrivedAt);
      if (verdict === "take") this.#writer.take(event);
      else if (reason !== undefined) this.#refuse(event, reason);
    });
  }

  #refuse(event: ClosedEvent, reason: string): void {
    this.#refused++;
    this.#deps.log.debug(`Refused a streamed candle of ${seriesName(event)}: ${reason}`);
  }

  async #flush(): Promise<void> {
    if (this.#writer.waiting > MAX_WAITING * this.#ledger.size) {
      for (const one of this.#writer.drop()) this.#ledger.retract(one, one.kline.openTime);
    }
    await this.#writer.flush(this.#signal);
  }

  /** Chooses the series to follow: traded ones of streamed intervals that have candles. */
  async #choose(): Promise<void> {
    const { listSeries, weightLimit, store, clock, serverTime } = this.#deps;
    const all = await listSeries(this.#signal);
    const streamed = streamedIntervals(all, weightLimit());
    const wanted = all.filter(({ interval }) => streamed.has(interval));
    const markets = await store.findMarkets([...new Set(wanted.map(({ symbol }) => symbol))]);
    const trading = new Set(
      markets.filter(({ status }) => status === "TRADING").map(({ symbol }) => symbol),
    );
    const states = await store.listStates();
    const chosen = wanted.flatMap((one) => {
      const lastOpenTime = states.get(seriesName(one))?.lastOpenTime;
      return lastOpenTime !== undefined && trading.has(one.symbol)
        ? [{ ...one, lastOpenTime }]
        : [];
    });
    const added = chosen.filter((one) => !this.#ledger.has(one));
    const newest = await store.newest(added, serverTime() - RECENT_MS);
    for (const { lastOpenTime, symbol, interval } of added) {
      const last = newest.get(seriesName({ symbol, interval }));
      this.#ledger.add({ symbol, interval }, last?.openTime ?? lastOpenTime, last);
    }
    const names = new Set(chosen.map(seriesName));
    for (const one of this.#ledger.list()) {
      if (!names.has(seriesName(one))) this.#ledger.remove(one);
    }
    this.#intervals = [...streamed];
    this.#follower.want(this.#ledger.list());
    this.#chosenAt = clock.now();
  }

  /** Writes the state every few seconds, and when connections have opened or broken. */
  async #publish(): Promise<void> {
    const now = this.#deps.clock.now();
    const state = this.#state();
    const connections = JSON.stringify(state.connections);
    const { at, connections: known } = this.#published;
    if (connections === known && !isDue(at, PUBLISH_MS, now)) return;
    this.#published = { at: now, connections };
    await this.#deps.board.write(state).catch((error) => {
      // Without the board other jobs request the series too.
      this.#deps.log.debug(`Cannot publish the state of the streams: ${describeError(error)}`);
    });
  }

  #state(): StreamState {
    const now = this.#deps.clock.now();
    const brokenSince = this.#follower.brokenSince() ?? now;
    return {
      ...this.#rest.counts(),
      stored: this.#writer.stored,
      weight: this.#rest.counts().weight + this.#writer.weight,
      refused: this.#refused + this.#follower.malformed(),
      intervals: this.#intervals,
      series: this.#ledger.size,
      isComplete: now - brokenSince < RECONNECT_MS,
      connections: this.#follower.connections(),
      since: this.#since,
      updatedAt: now,
    };
  }

  #describe(): string {
    const series = `${this.#ledger.size} series (${this.#intervals.join(", ")})`;
    return `Receiving closed candles of ${series} over ` +
      `${this.#follower.connections().length} combined streams`;
  }

  /** Stores what has arrived; another instance or REST brings the rest. */
  async #end(): Promise<void> {
    await this.#rest.settled();
    await this.#writer.flush(AbortSignal.timeout(SECOND_MS)).catch(() => {});
    await this.#writer.close().catch(() => {});
    await this.#deps.board.remove().catch(() => {});
    await this.#follower.settled();
  }
}

/** True if `ms` have passed since `at`; also after the clock was set back. */
function isDue(at: EpochMs, ms: number, now: EpochMs): boolean {
  return now - at >= ms || at > now;
}

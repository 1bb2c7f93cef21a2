import { createHosts } from "../binance/hosts.ts";
import { createKlineStreams, type KlineStreamsOptions } from "../binance/kline_streams.ts";
import { createOddities } from "../binance/oddities.ts";
import { systemClock } from "../clock.ts";
import { runCollect } from "../collector/jobs.ts";
import { followCloses, type StreamFeedDeps } from "../collector/streams/stream_feed.ts";
import type { Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { MINUTE_MS, parseTime } from "../core/time.ts";
import type { StreamState } from "../ports/close_streams.ts";
import type { Logger } from "../ports/host.ts";
import type { KlineStore } from "../ports/kline_store.ts";
import { createLeases } from "../store/kv/lease_kv.ts";
import { createStreamBoard } from "../store/kv/stream_kv.ts";
import { createGapLedger } from "../store/postgres/writing/gaps_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { type Simulator, startSimulator } from "../../packages/simulator/simulator.ts";
import type { Db } from "../store/postgres/connection/database.ts";
import { compareRows, NO_KV, storedRows, testExchange } from "./collector.ts";
import { createTestDatabase, silent } from "./database/postgres.ts";

export interface StreamSceneOptions {
  readonly symbols?: readonly string[];
  readonly interval?: Interval;
  readonly streams?: Partial<KlineStreamsOptions>;
  readonly feed?: Partial<StreamFeedDeps>;
  readonly log?: Logger;
  /** Replaces parts of the feed's store. */
  readonly wrapStore?: (store: KlineStore) => KlineStore;
}

/** A second after a close, so that a minute later the events of a close are not overdue. */
export const SCENE_NOW = parseTime("2025-06-15T10:20:01Z");
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "BNBUSDT"];

/**
 * An exchange whose clock the test moves, a database that has its newest candles, and the feed that
 * follows its streams. Every symbol is streamed, because the rule is told of a tiny weight limit.
 */
export async function streamScene(options: StreamSceneOptions = {}) {
  const { symbols = SYMBOLS, interval = "1m" } = options;
  const simulator = await startSimulator({
    now: SCENE_NOW,
    since: SCENE_NOW - 120 * MINUTE_MS,
    frozen: true,
    symbols,
  });
  const { db, close } = await createTestDatabase();
  const series: Series[] = symbols.map((symbol) => ({ symbol, interval }));
  const calls = new OpenCalls();
  const { jobs, deps } = composeFeed({ simulator, db, series, calls }, options);
  const stop = new AbortController();
  await runCollect(jobs, series, stop.signal);
  let running: Promise<void> | undefined;
  /**
   * Moves the exchange's clock while the feed waits for nothing. The clock stands still otherwise:
   * pauses that begin with an answer must begin before it moves.
   */
  const pass = async (ms: number) => {
    await until(() => Promise.resolve(calls.count === 0));
    simulator.clock.advance(ms);
  };
  const stopFeed = async () => {
    stop.abort(new Error("the test is over"));
    await running;
  };
  return {
    simulator,
    db,
    jobs,
    deps,
    series,
    state: () => deps.board.read(),
    /** Starts the feed, and waits until all connections are open. */
    async start(): Promise<void> {
      running = followCloses(deps, stop.signal);
      await until(async () => isOpen(await deps.board.read(), series.length));
    },
    pass,
    /** As `pass`, and has the exchange send what follows. */
    async advance(ms: number): Promise<void> {
      await pass(ms);
      simulator.streams.push();
    },
    /** The first difference between the stored candles and the exchange's closed ones. */
    difference: () => findDifference(simulator, db, series),
    stopFeed,
    async [Symbol.asyncDispose]() {
      await stopFeed();
      await simulator.close();
      await close();
    },
  };
}

interface FeedParts {
  readonly simulator: Simulator;
  readonly db: Db;
  readonly series: readonly Series[];
  readonly calls: OpenCalls;
}

/** Counts calls of asynchronous methods that have not settled. */
class OpenCalls {
  count = 0;

  watch<T extends object>(port: T): T {
    return new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => this.#note(method.apply(target, args));
      },
    });
  }

  #note(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    this.count++;
    const settle = () => void this.count--;
    result.then(settle, settle);
    return result;
  }
}

function composeFeed({ simulator, db, series, calls }: FeedParts, options: StreamSceneOptions) {
  const { log = silent } = options;
  const clock = { ...systemClock, now: () => simulator.clock.now() };
  const exchange = testExchange([simulator.url], { clock });
  const ids = new Map<string, number>();
  const jobs = {
    openSource: exchange.open,
    store: createKlineStore(db, ids),
    gaps: createGapLedger(db, ids),
    runs: createRunLedger(db),
    log,
    historySince: 0,
  };
  const deps: StreamFeedDeps = {
    ...jobs,
    openSource: (own) => calls.watch(exchange.open(own)),
    store: calls.watch(options.wrapStore?.(jobs.store) ?? jobs.store),
    runs: calls.watch(jobs.runs),
    streams: createKlineStreams({
      hosts: createHosts([simulator.url.replace("http", "ws")], clock.now),
      clock,
      log,
      oddities: createOddities(log),
      random: () => 0,
      watchMs: 20,
      ...options.streams,
    }),
    board: createStreamBoard(NO_KV, clock),
    clock,
    leases: createLeases({ error: "" }, clock, silent),
    serverTime: exchange.status.serverTime,
    weightLimit: () => 100,
    listSeries: () => Promise.resolve(series),
    simulated: () => "seed 42",
    tickMs: 20,
    ...options.feed,
  };
  return { jobs, deps };
}

async function findDifference(
  simulator: Simulator,
  db: Db,
  series: readonly Series[],
): Promise<string> {
  for (const one of series) {
    const served = simulator.candles(one.symbol, one.interval).map((row) => row.slice(0, 11));
    const found = compareRows(await storedRows(db, one), served);
    if (found !== "") return `${one.symbol}: ${found}`;
  }
  return "";
}

function isOpen(state: StreamState | undefined, series: number): boolean {
  return state?.series === series && state.connections.every(({ isOpen }) => isOpen);
}

/** Waits until `check` holds, for at most 20 s. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!await check()) {
    if (Date.now() > end) throw new Error(`Cannot wait any longer: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

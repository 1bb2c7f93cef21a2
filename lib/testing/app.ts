import type { App } from "fresh";
import { ProdBuildCache, setBuildCache } from "fresh/internal";
import { vendorFolder } from "../../fresh.config.ts";
import { createApp } from "../app.ts";
import { readVendorManifest, vendorPlotly } from "../build/vendor.ts";
import { systemClock } from "../clock.ts";
import { composeBoards } from "../composition/compose_boards.ts";
import { composeLive } from "../composition/compose_live.ts";
import { composeServices, type ServiceParts } from "../composition/compose_services.ts";
import type { PartContext } from "../composition/part_context.ts";
import { type Config, parseConfig } from "../config.ts";
import type { Interval } from "../core/interval.ts";
import { DEFAULT_WEIGHT_LIMIT } from "../core/request_weight.ts";
import { selectNames } from "../core/symbol_selection.ts";
import type { AnswerCache } from "../http/answer_cache.ts";
import type { Services } from "../http/define.ts";
import type { Limits } from "../http/limits.ts";
import type { LiveHub } from "../live/hub.ts";
import type { BudgetState, FailingSeries, Maintenance } from "../ports/boards.ts";
import type { StreamState } from "../ports/close_streams.ts";
import type { HostState, MachineState } from "../ports/host.ts";
import type { ExchangeState } from "../ports/kline_source.ts";
import type { LiveSource } from "../ports/live.ts";
import { type Db, openDatabase } from "../store/postgres/connection/database.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { readMoment } from "../telemetry/read_moment.ts";
import { NO_KV } from "./collector.ts";
import { openConnections, silent } from "./database/postgres.ts";
import { build } from "./server_process.ts";

/** State outside the app, which tests can change. */
export interface TestWorld {
  serverTime: number;
  simulated: string | undefined;
  failure: ExchangeState["failure"];
  budget: BudgetState;
  hosts: readonly HostState[];
  failing: FailingSeries[];
  maintenance: Maintenance | undefined;
  streams: StreamState | undefined;
  machine: MachineState;
}

export interface TestApp {
  readonly world: TestWorld;
  /** Requests `path`, including its query, as a client would. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  readonly handler: (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;
  /** Resolves when no stream has a query in progress. */
  liveSettled(): Promise<void>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  readonly db: Db;
  readonly url: string;
  readonly symbols: readonly string[];
  readonly intervals: readonly Interval[];
  readonly serverTime: number;
  readonly basePath?: string;
  /** Yields open candles; none by default. */
  readonly liveSource?: LiveSource;
  /** None by default, so that tests see what was just written. */
  readonly answers?: AnswerCache;
  /** None by default. */
  readonly limits?: Limits;
}

const SNAPSHOT = new URL("../../_fresh/snapshot.js", import.meta.url);
const EXCHANGE = "https://data-api.binance.vision";

/**
 * The app that wick serves, built in memory, on a real database. The exchange, KV and the machine
 * are replaced by `world`.
 */
export async function createTestApp(options: TestAppOptions): Promise<TestApp> {
  const { db, basePath = "" } = options;
  const world = createWorld(options.serverTime);
  const exports = await openExports(options);
  await vendorPlotly(vendorFolder);
  const { plotly } = await readVendorManifest(vendorFolder);
  const queries = trackPromises();
  const context: PartContext = {
    config: toConfig(options),
    clock: systemClock,
    fetch,
    log: silent,
    outageLog: silent,
    telemetry: { record() {} },
    isHosted: false,
  };
  const exchange = toExchange(world);
  const live = composeTestLive(context, { ...options, queries, status: exchange.status });
  const clock = { ...systemClock, now: () => world.serverTime };
  const metrics = createMetrics((query) => readMoment({ ...composed, ...NO_REPLICA }, query));
  const composed: Services = composeServices({ ...context, clock }, {
    store: {
      reads: { db, heavy: db, exports, lagMs: () => undefined },
      ping: async () => void await db.query("select 1"),
    },
    exchange,
    boards: {
      failing: { list: () => Promise.resolve(world.failing) },
      maintenance: { read: () => Promise.resolve(world.maintenance) },
      streams: { read: () => Promise.resolve(world.streams) },
    },
    kv: NO_KV,
    symbols: { current: () => options.symbols, read: () => Promise.resolve(options.symbols) },
    live,
    requireRoom: () => Promise.resolve(),
    metrics: metrics.text,
    plotlyHref: `${basePath}/vendor/${plotly}`,
  });
  const app = createApp({ ...composed, ...replacedServices(world, options) }, vendorFolder);
  await applyBuild(app);
  const handler = app.handler();
  return {
    world,
    handler,
    fetch: (path, init) => handler(new Request(`http://wick.test${basePath}${path}`, init)),
    liveSettled: queries.settled,
    async close() {
      await live.close();
      await exports.close();
    },
  };
}

const NO_REPLICA = { lagMs: () => undefined, lastSuccesses: () => Promise.resolve([]) };

function createWorld(serverTime: number): TestWorld {
  return {
    serverTime,
    simulated: undefined,
    failure: undefined,
    budget: { limit: DEFAULT_WEIGHT_LIMIT, used: 412, ban: undefined },
    hosts: [{ origin: EXCHANGE, failure: undefined, restsUntil: undefined }],
    failing: [],
    maintenance: undefined,
    streams: undefined,
    machine: {
      disk: { freeBytes: 82e9, totalBytes: 250e9 },
      kv: { keys: 41, bytes: 18e3 },
      runtime: "Deno 2.9.6",
    },
  };
}

/** The defaults, without limits. */
function toConfig({ symbols, intervals, basePath = "" }: TestAppOptions): Config {
  const config = parseConfig({ LIMIT_STREAMS: "0", LIMIT_EXPORTS: "0", LIMIT_REQUESTS: "0" });
  return {
    ...config,
    symbols: selectNames(symbols),
    intervals,
    server: { ...config.server, basePath },
  };
}

async function openExports({ db, url }: TestAppOptions): Promise<Db> {
  const exports = openDatabase({ url, log: silent, maxConnections: 2, idleTimeoutMs: 0 });
  await openConnections(exports, 2);
  await openConnections(db, 5);
  return exports;
}

function toExchange(world: TestWorld): ServiceParts["exchange"] {
  return {
    status: {
      read: () => ({
        host: EXCHANGE,
        simulated: world.simulated,
        answeredAt: world.serverTime,
        failure: world.failure,
      }),
      serverTime: () => world.serverTime,
    },
    budget: {
      read: () => Promise.resolve(world.budget),
      used: () => ({ weight: world.budget.used, limit: world.budget.limit }),
    },
    hosts: { list: () => [...world.hosts] },
  };
}

/**
 * The open candles of `liveSource`. Closed candles are stored by the test, not by the collector.
 */
function composeTestLive(
  context: PartContext,
  { db, liveSource, queries, status }: Pick<TestAppOptions, "db" | "liveSource"> & {
    readonly queries: ReturnType<typeof trackPromises>;
    readonly status: ServiceParts["exchange"]["status"];
  },
): LiveHub {
  const reader = createKlineReader(db);
  return composeLive(context, {
    boards: composeBoards(context, NO_KV),
    status,
    source: liveSource ?? { async *watch() {} },
    reader: { ...reader, rowsAfter: (...args) => queries.track(reader.rowsAfter(...args)) },
    requireMarket: () => Promise.resolve(),
    catchUp: async (series) => (await queries.track(reader.findSeries(series)))?.lastOpenTime ?? 0,
    linger: { streamMs: 0, requestMs: 0 }, // no timer outlives its test
  });
}

function replacedServices(
  world: TestWorld,
  { answers, limits }: TestAppOptions,
): Partial<Services> {
  return {
    machine: () => Promise.resolve(world.machine),
    pingKv: () => Promise.resolve("ok"),
    answers: answers ?? { get: (_, make) => make(undefined), findFresh: () => undefined },
    ...limits === undefined ? {} : { limits },
  };
}

/** Lets an app use the build on disk, as the server's entry does. */
async function applyBuild<State>(app: App<State>): Promise<void> {
  await build();
  const cache = new ProdBuildCache<State>(
    new URL("../../", import.meta.url),
    await import(SNAPSHOT.href),
  );
  setBuildCache(app, cache, "production");
}

/** Tracks pending promises. */
function trackPromises() {
  const pending = new Set<Promise<unknown>>();
  return {
    track<T>(promise: Promise<T>): Promise<T> {
      const done = promise.catch(() => {}).finally(() => pending.delete(done));
      pending.add(done);
      return promise;
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

/** Requests a page as a browser would; `text` is the page without its tags. */
export async function fetchPage(app: Pick<TestApp, "fetch">, path: string) {
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  const text = html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  return { response, html, text };
}

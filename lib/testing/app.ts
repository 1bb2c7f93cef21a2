import { vendorFolder } from "../../fresh.config.ts";
import { createApp } from "../app.ts";
import { readVendorManifest, vendorPlotly } from "../build/vendor.ts";
import { createHistoryReader } from "../collector/backfill_progress.ts";
import type { Interval } from "../core/interval.ts";
import { systemClock } from "../clock.ts";
import { DEFAULT_WEIGHT_LIMIT } from "../core/request_weight.ts";
import { createLiveHub } from "../live/hub.ts";
import { createCoinDirectory } from "../marketcap/coins.ts";
import type { BudgetState, FailingSeries, Maintenance } from "../ports/boards.ts";
import type { HostState, MachineState } from "../ports/host.ts";
import type { ExchangeState } from "../ports/kline_source.ts";
import type { LiveSource } from "../ports/live.ts";
import { type Db, openDatabase } from "../store/postgres/connection/database.ts";
import { createCoinStore } from "../store/postgres/coins_postgres.ts";
import { createCapHistory } from "../store/postgres/cap_history_postgres.ts";
import { createChartReader } from "../store/postgres/chart_postgres.ts";
import { createKlineExporter } from "../store/postgres/export_postgres.ts";
import { createGapLedger } from "../store/postgres/gaps_postgres.ts";
import { createLeases } from "../store/kv/lease_kv.ts";
import { createLiveBoard } from "../store/kv/live_kv.ts";
import { createMarketCapStore } from "../store/postgres/market_caps_postgres.ts";
import { createKlineReader } from "../store/postgres/read_postgres.ts";
import { createStatusReader } from "../store/postgres/status_postgres.ts";
import type { Services } from "../http/define.ts";
import type { AnswerCache } from "../http/answer_cache.ts";
import { type Limits, UNLIMITED } from "../http/limits.ts";
import { createServedWeight } from "../http/served_weight.ts";
import { applyBuild } from "./island_build.ts";
import { silent } from "./postgres.ts";

/** What tests change about the world behind the app. */
export interface TestWorld {
  serverTime: number;
  simulated: string | undefined;
  failure: ExchangeState["failure"];
  budget: BudgetState;
  hosts: readonly HostState[];
  failing: FailingSeries[];
  maintenance: Maintenance | undefined;
  machine: MachineState;
}

export interface TestApp {
  readonly world: TestWorld;
  /** Asks the app as a client would; `path` with its query. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  readonly handler: (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;
  /** Resolves when no stream has a query under way. */
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
  /** Shows moving candles; without it there are none. */
  readonly liveSource?: LiveSource;
  readonly answers?: AnswerCache;
  /** None unless given. */
  readonly limits?: Limits;
}

const EXCHANGE = "https://data-api.binance.vision";

/** The whole web side on a real database, built in memory. */
export async function createTestApp(options: TestAppOptions): Promise<TestApp> {
  const { db, symbols, intervals, basePath = "" } = options;
  const world: TestWorld = {
    serverTime: options.serverTime,
    simulated: undefined,
    failure: undefined,
    budget: { limit: DEFAULT_WEIGHT_LIMIT, used: 412, ban: undefined },
    hosts: [{ origin: EXCHANGE, failure: undefined, restsUntil: undefined }],
    failing: [],
    maintenance: undefined,
    machine: {
      disk: { freeBytes: 82e9, totalBytes: 250e9 },
      kv: { keys: 41, bytes: 18e3 },
      runtime: "Deno 2.9.6",
    },
  };
  const exports = openDatabase({
    url: options.url,
    log: silent,
    maxConnections: 2,
    idleTimeoutMs: 0,
  });
  await Promise.all([1, 2].map(() => exports.query("select pg_sleep(0.02)")));
  await Promise.all([1, 2, 3, 4, 5].map(() => db.query("select pg_sleep(0.02)")));
  await vendorPlotly(vendorFolder);
  const { plotly } = await readVendorManifest(vendorFolder);
  const reader = createKlineReader(db);
  const gaps = createGapLedger(db);
  const queries = trackPromises();
  const live = createLiveHub({
    reader: { ...reader, rowsAfter: (...args) => queries.track(reader.rowsAfter(...args)) },
    source: options.liveSource ?? { async *watch() {} },
    board: createLiveBoard({ error: "no KV in this test" }, {
      isHosted: false,
      clock: systemClock,
      log: silent,
    }),
    leases: createLeases({ error: "no KV in this test" }, systemClock, silent),
    clock: systemClock,
    log: silent,
    serverTime: () => world.serverTime,
    linger: { streamMs: 0, requestMs: 0 }, // nothing is left running behind a test
    requireMarket: () => Promise.resolve(),
    catchUp: async (series) => (await queries.track(reader.findSeries(series)))?.lastOpenTime ?? 0,
  });
  const services: Services = {
    reader,
    gaps,
    live,
    charts: createChartReader(db),
    exporter: createKlineExporter(db, exports),
    history: createHistoryReader({
      reader,
      gaps,
      series: symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval }))),
      since: 0,
      serverTime: () => world.serverTime,
      weightLimit: () => DEFAULT_WEIGHT_LIMIT,
      hasArchive: true,
    }),
    budget: { read: () => Promise.resolve(world.budget) },
    directory: createCoinDirectory(createCoinStore(db), symbols),
    marketCaps: createMarketCapStore(db),
    capHistory: createCapHistory(db),
    status: createStatusReader(db),
    hosts: () => world.hosts,
    failing: () => Promise.resolve(world.failing),
    maintenance: () => Promise.resolve(world.maintenance),
    machine: () => Promise.resolve(world.machine),
    servedWeight: createServedWeight(Date.now),
    limits: options.limits ?? UNLIMITED,
    // Unless given, none: tests look at what was just written.
    answers: options.answers ?? { get: (_, make) => make(undefined) },
    exchange: {
      read: () => ({
        host: EXCHANGE,
        simulated: world.simulated,
        answeredAt: world.serverTime,
        failure: world.failure,
      }),
      serverTime: () => world.serverTime,
    },
    pingDatabase: async () => void await db.query("select 1"),
    pingKv: () => Promise.resolve("ok"),
    simulated: () => Promise.resolve(world.simulated),
    now: () => world.serverTime,
    log: silent,
    telemetry: { record() {} },
    metrics: () => Promise.resolve({ body: "", contentType: "text/plain" }),
    settings: {
      basePath,
      symbols,
      intervals,
      proxy: { hops: 0 },
      historySince: 0,
      hasArchive: true,
      plotlyHref: `${basePath}/vendor/${plotly}`,
    },
  };
  const app = createApp(services, vendorFolder);
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

/** Keeps the promises that are pending. */
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

import { join } from "node:path";
import { systemClock } from "./clock.ts";
import { createHistoryReader } from "./collector/backfill_progress.ts";
import { createRoomGuard, withRoom } from "./collector/disk_space.ts";
import { runCatchUp } from "./collector/jobs.ts";
import { createMaintenanceWatch } from "./collector/maintenance.ts";
import { createSchedule, type Schedule } from "./collector/schedule.ts";
import type { OrderDeps } from "./collector/collect_plan.ts";
import { createSeriesHealth } from "./collector/series_health.ts";
import type { Config } from "./config.ts";
import { settlesWithin } from "./core/deadline.ts";
import type { Series } from "./core/kline.ts";
import { marketOf, PUBLIC_MARKET } from "./core/public_market.ts";
import { createArchive } from "./binance/binance_archive.ts";
import { createExchange } from "./binance/binance_klines.ts";
import { createLivePoller } from "./binance/binance_live_rest.ts";
import { createLiveStream } from "./binance/binance_live_stream.ts";
import { createLiveSource } from "./binance/live_source.ts";
import { createCoinGecko } from "./marketcap/coingecko.ts";
import { createCoinMarketCap } from "./marketcap/coinmarketcap.ts";
import { createKlineFiles } from "./binance/files/kline_files.ts";
import { createExchangeClock } from "./binance/exchange_clock.ts";
import { createHosts } from "./binance/hosts.ts";
import { createExchangeHttp } from "./binance/http.ts";
import { createOddities } from "./binance/oddities.ts";
import { createStatusBoard } from "./binance/status.ts";
import { createProviderWatch, watchBudget, watchExchange } from "./binance/watch.ts";
import { createOtherClocks } from "./binance/time_witnesses.ts";
import { createRequestBudget } from "./binance/weight.ts";
import { createLiveHub } from "./live/hub.ts";
import { createCoinDirectory } from "./marketcap/coins.ts";
import { createMarketCapJob } from "./marketcap/market_cap_job.ts";
import type { KlineFiles } from "./ports/archive_source.ts";
import type { AlertSender } from "./ports/freshness_alerts.ts";
import type { Disk, Logger } from "./ports/host.ts";
import type { Telemetry } from "./ports/telemetry.ts";
import { createWebhook } from "./telemetry/webhook.ts";
import { createFreshnessAlerts } from "./store/postgres/alerts_postgres.ts";
import type { CarryOver } from "./store/postgres/carry_over.ts";
import { createBanBoard } from "./store/kv/ban_kv.ts";
import { createCapHistory } from "./store/postgres/cap_history_postgres.ts";
import { createCoinStore } from "./store/postgres/coins_postgres.ts";
import { createChartReader } from "./store/postgres/chart_postgres.ts";
import { makeDataFolder } from "./store/cluster/data_folder.ts";
import { createDisk } from "./store/cluster/disk.ts";
import { createFailingBoard } from "./store/kv/failing_kv.ts";
import { createKlineExporter } from "./store/postgres/export_postgres.ts";
import { createGapLedger } from "./store/postgres/gaps_postgres.ts";
import { createKlineStore } from "./store/postgres/klines_postgres.ts";
import type { KvHandle } from "./store/kv/kv.ts";
import { openKv } from "./store/kv/open_kv.ts";
import { createLeases } from "./store/kv/lease_kv.ts";
import { readMachine } from "./store/cluster/machine.ts";
import { createLiveBoard } from "./store/kv/live_kv.ts";
import { createMaintenanceBoard } from "./store/kv/maintenance_kv.ts";
import { createMarketCapStore } from "./store/postgres/market_caps_postgres.ts";
import { createSpendBoard } from "./store/kv/spend_kv.ts";
import { exportShare } from "./store/postgres/connection/connection_budget.ts";
import { openStore } from "./store/postgres/open_store.ts";
import { createKlineReader } from "./store/postgres/read_postgres.ts";
import { createStatusReader } from "./store/postgres/status_postgres.ts";
import { createRunLedger, findSimulated, lastSuccesses } from "./store/postgres/runs_postgres.ts";
import { watchFreshness } from "./telemetry/freshness_watch.ts";
import { createMetrics } from "./telemetry/metrics.ts";
import { readMoment } from "./telemetry/read_moment.ts";
import { traceLeases, watchExporter, watchRuns } from "./telemetry/watch_parts.ts";
import { createAnswerCache } from "./http/answer_cache.ts";
import type { Services } from "./http/define.ts";
import { createLimits } from "./http/limits.ts";
import { createServedWeight } from "./http/served_weight.ts";

export interface CompositionOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Set on a hosted platform, which brings its own KV. */
  readonly isHosted: boolean;
  /** Set for the command line. */
  readonly isCommand?: boolean;
  readonly migrations: URL;
  readonly plotlyHref: string;
}

/** All parts of wick, put together. */
export interface Wick {
  readonly config: Config;
  readonly services: Services;
  readonly jobs: OrderDeps;
  /** Every configured series. */
  readonly series: readonly Series[];
  readonly schedule: Schedule;
  /** Begins collecting, unless hosted where something is held already: there the crons suffice. */
  begin(): Promise<void>;
  readonly files: KlineFiles;
  readonly disk: Disk;
  readonly log: Logger;
  /** Ends the event streams: their readers would keep a server from closing. */
  endStreams(): Promise<void>;
  /** Carries the embedded cluster over to the PostgreSQL of this version; see `carryOver`. */
  upgrade(binaries: string | undefined): Promise<CarryOver | undefined>;
  /**
   * Ends jobs, each after the page in hand, and closes everything, within 4 s. What takes longer is
   * cut off: its page is rolled back. `requests` settles with the last request in progress.
   */
  close(requests?: Promise<unknown>): Promise<void>;
  /** Asks the embedded database to stop, without waiting, for a process that ends at once. */
  abandon(): void;
}

/** For requests in progress and the pages that jobs have in hand, when wick is closed. */
const DRAIN_MS = 1_200;
/** For jobs that fail with the database's connections and give up their leases. */
const LEAVE_MS = 200;

/** A 429 or a short ban is waited out; with a longer one the run ends and the next tick goes on. */
const MAX_BAN_WAIT_MS = 90_000;

/** Symbols whose newest candles are looked at when the exchange's clock is doubted. */
const MAX_WITNESSES = 3;

/** Opens nothing but Deno KV; the database is opened on first use. */
export async function composeWick(options: CompositionOptions): Promise<Wick> {
  const { config, log } = options;
  const clock = systemClock;
  const historySince = config.historySince ?? 0;
  reportMarket(config, log);
  const kv = await openKv(await kvPath(options), log);
  const metrics = createMetrics(() =>
    readMoment({ ...services, lagMs: reads.lagMs, lastSuccesses: () => lastSuccesses(reads.db) })
  );
  const telemetry: Telemetry = metrics;
  const store = openStore({
    ...config,
    ...options,
    telemetry,
    historySince,
    now: clock.now,
  });
  const { db, reads, locate } = store;
  const disk = createDisk(locate);
  const requireRoom = createRoomGuard(disk, options.isCommand ? toQuiet(log) : log);
  const budget = watchBudget(
    createRequestBudget({
      clock,
      bans: createBanBoard(kv, clock.now),
      spends: createSpendBoard(kv),
      maxWaitMs: MAX_BAN_WAIT_MS,
    }),
    telemetry,
  );
  // A command reports its own failure.
  const status = createStatusBoard(clock, options.isCommand ? toQuiet(log) : log);
  const hosts = createHosts(config.binanceUrls, clock.now);
  const http = status.watch(watchExchange(
    createExchangeHttp({
      hosts,
      budget,
      clock,
      fetch,
      log,
      random: Math.random,
      onUnreachable: status.setUnreachable,
    }),
    telemetry,
  ));
  const oddities = createOddities(log);
  const exchange = createExchange({
    http,
    budget,
    clock,
    oddities,
    exchangeClock: createExchangeClock({ clock, log }),
    otherClocks: createOtherClocks(config.binanceUrls, { budget, clock, fetch, log }),
    witnesses: config.symbols.slice(0, MAX_WITNESSES),
    onServerTime: status.setServerTime,
  });
  const ids = new Map<string, number>();
  const maintenance = createMaintenanceBoard(kv);
  const archive = config.archiveUrl === undefined
    ? undefined
    : createArchive({ url: config.archiveUrl, fetch, clock });
  const jobs: OrderDeps = {
    archive,
    now: clock.now,
    serverTime: status.serverTime,
    openSource: (own) => exchange.open(own),
    store: withRoom(createKlineStore(db, ids), requireRoom),
    gaps: createGapLedger(db, ids),
    runs: watchRuns(createRunLedger(db, config.market), telemetry),
    log,
    historySince,
    onMaintenance: createMaintenanceWatch(maintenance, clock.now, log),
  };
  const failing = createFailingBoard(kv);
  const health = createSeriesHealth({ board: failing, now: clock.now, log });
  const coins = createCoinStore(db);
  const series = config.symbols.flatMap((symbol) =>
    config.intervals.map((interval) => ({ symbol, interval }))
  );
  const leases = createLeases(kv, clock, log, options);
  const reader = createKlineReader(db);
  const poller = createLivePoller({ http, budget, clock });
  const live = createLiveHub({
    source: config.binanceStreamUrl === undefined ? poller : createLiveSource({
      stream: createLiveStream({ origin: config.binanceStreamUrl, clock, oddities }),
      poller,
      clock,
      log,
    }),
    board: createLiveBoard(kv, { isHosted: options.isHosted, clock, log }),
    serverTime: status.serverTime,
    requireMarket: () => jobs.runs.requireMarket(),
    catchUp: (series, signal) => runCatchUp(jobs, series, signal),
    leases,
    clock,
    log,
    reader: createKlineReader(store.heavy),
  });
  const alerts = createFreshnessAlerts(db);
  const createWatch = (send: AlertSender) => (signal: AbortSignal) =>
    watchFreshness({ reader, alerts, send, clock, log, series, exchange: status }, signal);
  const watchProvider = createProviderWatch(log);
  const stopping = new AbortController();
  const schedule = createSchedule({
    ...jobs,
    health,
    leases: traceLeases(leases),
    clock,
    series,
    disk,
    requireRoom,
    retriesTicks: !options.isHosted, // an instance there is paid for as long as a cron runs
    weightLimit: () => budget.used().limit,
    takeMarketCaps: createMarketCapJob({
      coins,
      now: clock.now,
      log,
      source: watchProvider(createMarketCapSource(config, log)),
      store: createMarketCapStore(db),
      directory: createCoinDirectory(coins, config.symbols),
    }),
    ...config.webhookUrl === undefined ? {} : {
      watch: createWatch(createWebhook(config.webhookUrl, fetch)),
    },
  }, stopping.signal);
  const pageReader = createKlineReader(reads.db);
  const pageGaps = createGapLedger(reads.db);
  const services: Services = {
    reader: pageReader,
    charts: createChartReader(reads.db),
    live,
    exporter: watchExporter(createKlineExporter(reads.db, reads.exports, reads), telemetry),
    gaps: pageGaps,
    history: createHistoryReader({
      reader: pageReader,
      gaps: pageGaps,
      series,
      since: historySince,
      serverTime: status.serverTime,
      weightLimit: () => budget.used().limit,
      hasArchive: archive !== undefined,
    }),
    budget,
    directory: createCoinDirectory(createCoinStore(reads.db), config.symbols),
    marketCaps: createMarketCapStore(reads.db),
    capHistory: createCapHistory(reads.heavy),
    status: createStatusReader(reads.heavy),
    hosts: hosts.list,
    failing: failing.list,
    maintenance: maintenance.read,
    machine: () => readMachine({ ...config, isHosted: options.isHosted }, kv),
    exchange: status,
    answers: createAnswerCache(),
    servedWeight: createServedWeight(clock.now),
    limits: createLimits({
      settings: config.limits,
      telemetry,
      exportPlaces: Math.max(1, exportShare(config.databasePool)),
    }),
    async pingDatabase(withinMs) {
      await store.ping(withinMs);
      await requireRoom();
    },
    pingKv: () => pingKv(kv),
    simulated: async () => status.read().simulated ?? await findSimulated(reads.db),
    now: clock.now,
    log,
    telemetry,
    metrics: metrics.text,
    settings: {
      basePath: config.server.basePath,
      proxy: { hops: config.server.trustProxyHops },
      symbols: config.symbols,
      intervals: config.intervals,
      historySince,
      hasArchive: archive !== undefined,
      plotlyHref: options.plotlyHref,
    },
  };
  return {
    config,
    services,
    jobs,
    series,
    schedule,
    async begin() {
      // Every burst of visitors starts instances there; not each of them may look at everything.
      const isOngoing = options.isHosted &&
        await reader.coverage().then((all) => all.some(({ rows }) => rows > 0), () => true);
      if (!isOngoing) await schedule.begin();
    },
    files: createKlineFiles(),
    disk,
    log,
    endStreams: () => live.close(),
    async upgrade(binaries) {
      const { carryOver } = await import("./store/postgres/carry_over.ts");
      return await carryOver({ ...options, dataDir: config.dataDir, binaries });
    },
    async close(requests) {
      stopping.abort(new Error("wick is stopping"));
      store.cancelOpening();
      const jobs = Promise.all([live.close(), schedule.settled()]);
      await settlesWithin(Promise.all([jobs, requests]), DRAIN_MS);
      await store.close();
      await settlesWithin(jobs, LEAVE_MS);
      kv.kv?.close();
    },
    abandon: store.abandon,
  };
}

/** Says once what is left out because it belongs to another market than the candles. */
function reportMarket({ binanceUrls, ...config }: Config, log: Logger): void {
  const unused = [
    ...config.archiveUrl === undefined ? ["archive (ARCHIVE_URL)"] : [],
    ...config.binanceStreamUrl === undefined ? ["streams (BINANCE_STREAM_URL)"] : [],
  ];
  if (marketOf(binanceUrls) === PUBLIC_MARKET || unused.length === 0) return;
  log.info(
    `BINANCE_URLS is not Binance's public market: ${unused.join(" and ")} stay off unless set`,
  );
}

function toQuiet(log: Logger): Logger {
  return { ...log, info: log.debug, warn: log.debug };
}

/** The path of Deno KV, after a look at the folder of our own files; `undefined`: the platform's. */
async function kvPath({ config, isHosted }: CompositionOptions): Promise<string | undefined> {
  if (isHosted) return config.kvPath;
  const isOwnDatabase = config.database.kind === "embedded";
  if (isOwnDatabase || config.kvPath === undefined) await makeDataFolder(config.dataDir);
  return config.kvPath ?? join(config.dataDir, "kv.sqlite3");
}

async function pingKv({ kv, file, error }: KvHandle): Promise<string> {
  if (!kv) throw new Error(error);
  await kv.get(["ping"]);
  const problem = file?.problem();
  return problem === undefined ? "ok" : `in memory: ${problem}`;
}

function createMarketCapSource({ marketCaps }: Config, log: Logger) {
  const now = systemClock.now;
  return marketCaps.provider === "coinmarketcap"
    ? createCoinMarketCap({ ...marketCaps.coinmarketcap, fetch, now, log })
    : createCoinGecko({ ...marketCaps.coingecko, fetch, now, log });
}

import { createArchiveIndex } from "../binance/archive_index.ts";
import { createArchive } from "../binance/binance_archive.ts";
import { createProviderWatch } from "../binance/watch.ts";
import type { OrderDeps } from "../collector/plan/collect_plan.ts";
import { type RequireRoom, withRoom } from "../collector/disk_space.ts";
import { createMaintenanceWatch } from "../collector/maintenance.ts";
import { runProof } from "../collector/prove.ts";
import { createSchedule, type Schedule } from "../collector/schedule.ts";
import { type CollectedSymbols, createSymbolList } from "../collector/plan/symbol_list.ts";
import { createSeriesHealth } from "../collector/series_health.ts";
import { createUniverseJob, type LookUpUniverse } from "../collector/universe/universe_job.ts";
import type { Config } from "../config.ts";
import type { Series } from "../core/kline.ts";
import { createCoinGecko } from "../marketcap/coingecko.ts";
import { createCoinMarketCap } from "../marketcap/coinmarketcap.ts";
import { createCoinDirectory } from "../marketcap/coins.ts";
import { createProviderGate } from "../marketcap/provider_gate.ts";
import { createMarketCapJob } from "../marketcap/market_cap_job.ts";
import type { Disk } from "../ports/host.ts";
import type { MarketCapSource } from "../ports/market_caps.ts";
import type { LifeStore } from "../ports/universe.ts";
import { createFreshnessAlerts } from "../store/postgres/alerts_postgres.ts";
import {
  createCoinListStore,
  createProviderWaits,
} from "../store/postgres/market_caps/coin_list_postgres.ts";
import { createCoinStore } from "../store/postgres/market_caps/coins_postgres.ts";
import type { Db } from "../store/postgres/connection/database.ts";
import { createGapLedger } from "../store/postgres/writing/gaps_postgres.ts";
import { createImportedStore } from "../store/postgres/writing/imported_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createLifeStore } from "../store/postgres/universe/lives_postgres.ts";
import { createMarketCapStore } from "../store/postgres/market_caps/market_caps_postgres.ts";
import { createRollupLedger } from "../store/postgres/rollups/rollups_postgres.ts";
import { createSymbolGroups } from "../store/postgres/universe/symbol_groups_postgres.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { watchFreshness } from "../telemetry/freshness_watch.ts";
import { traceLeases, watchRuns } from "../telemetry/watch_parts.ts";
import { createWebhook } from "../telemetry/webhook.ts";
import type { Boards } from "./compose_boards.ts";
import type { ExchangeParts } from "./compose_exchange.ts";
import { composeStreams } from "./compose_streams.ts";
import type { PartContext } from "./part_context.ts";

export interface JobParts {
  readonly db: Db;
  readonly exchange: ExchangeParts;
  readonly boards: Boards;
  readonly requireRoom: RequireRoom;
}

/** Dependencies of the collector's jobs, for the crons and the command line. */
export function composeJobs(
  { config, clock, fetch, log, telemetry }: PartContext,
  { db, exchange, boards, requireRoom }: JobParts,
): OrderDeps {
  const ids = new Map<string, number>(); // database IDs by symbol, shared by both writers
  return {
    archive: config.archiveUrl === undefined
      ? undefined
      : createArchive({ url: config.archiveUrl, fetch, clock }),
    now: clock.now,
    serverTime: exchange.status.serverTime,
    openSource: (own) => exchange.open(own),
    store: withRoom(createKlineStore(db, ids), requireRoom),
    imported: createImportedStore(db, ids),
    gaps: createGapLedger(db, ids),
    runs: watchRuns(createRunLedger(db, config.market), telemetry),
    log,
    historySince: config.historySince ?? 0,
    onMaintenance: createMaintenanceWatch(boards.maintenance, clock.now, log),
  };
}

/** The symbols that SYMBOLS selects, kept up to date by the jobs. */
export function composeSymbolList(
  { config, clock, log }: Pick<PartContext, "config" | "clock" | "log">,
  { db, exchange }: Pick<JobParts, "db" | "exchange">,
): CollectedSymbols {
  return createSymbolList({
    selection: config.symbols,
    groups: createSymbolGroups(db),
    store: createKlineStore(db),
    openSource: () => exchange.open(),
    now: clock.now,
    log,
  });
}

/** Every symbol at every configured interval, by symbol. */
export function seriesOf(
  symbols: readonly string[],
  { intervals }: Pick<Config, "intervals">,
): Series[] {
  return symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));
}

export interface ScheduleParts extends JobParts {
  readonly symbols: CollectedSymbols;
  readonly jobs: OrderDeps;
  readonly disk: Disk;
}

/** The jobs that the crons call. */
export function composeSchedule(
  context: PartContext,
  { jobs, db, exchange, boards, disk, requireRoom, symbols }: ScheduleParts,
  stopping: AbortSignal,
): Schedule {
  const { config, clock, log, isHosted } = context;
  const lives = createLifeStore(db);
  const watch = composeFreshnessWatch(context, { db, exchange, symbols });
  const shared = {
    ...jobs,
    health: createSeriesHealth({ board: boards.failing, now: clock.now, log }),
    leases: traceLeases(boards.leases),
    clock,
    listSeries: async (signal: AbortSignal) => seriesOf(await symbols.update(signal), config),
    weightLimit: () => exchange.budget.used().limit,
  };
  const streams = composeStreams(context, { exchange, board: boards.streams, shared });
  return createSchedule({
    ...shared,
    disk,
    requireRoom,
    retriesTicks: !isHosted, // an instance there is paid for as long as a cron runs
    lives,
    lookUpUniverse: composeUniverseJob(context, { jobs, lives }),
    pruneImported: (signal) => jobs.imported.prune(signal),
    prove: (signal) => {
      const rollups = createRollupLedger(db);
      return runProof({ ...jobs, rollups }, signal);
    },
    takeMarketCaps: composeMarketCapJob(context, { db, symbols }),
    ...watch === undefined ? {} : { watch },
    ...streams === undefined ? {} : { streams },
  }, stopping);
}

function composeUniverseJob(
  { config: { archiveListUrl: url }, clock, fetch }: PartContext,
  { jobs, lives }: Pick<ScheduleParts, "jobs"> & { readonly lives: LifeStore },
): LookUpUniverse {
  const { archive: files } = jobs;
  return createUniverseJob({
    ...jobs,
    lives,
    archive: url === undefined || files === undefined
      ? undefined
      : { index: createArchiveIndex({ url, fetch, clock }), files },
  });
}

/** Reports series that become stale, and those that recover, to WEBHOOK_URL. */
function composeFreshnessWatch(
  { config, clock, fetch, log }: PartContext,
  { db, exchange, symbols }: Pick<ScheduleParts, "db" | "exchange" | "symbols">,
): ((signal: AbortSignal) => Promise<void>) | undefined {
  if (config.webhookUrl === undefined) return undefined;
  const deps = {
    reader: createKlineReader(db),
    exchange: exchange.status,
    alerts: createFreshnessAlerts(db),
    send: createWebhook(config.webhookUrl, fetch),
    clock,
    log,
    listSeries: async () => seriesOf(await symbols.read(), config),
  };
  return (signal) => watchFreshness(deps, signal);
}

function composeMarketCapJob(
  context: PartContext,
  { db, symbols }: Pick<ScheduleParts, "db" | "symbols">,
): (signal: AbortSignal) => Promise<void> {
  const { clock, log } = context;
  const coins = createCoinStore(db);
  return createMarketCapJob({
    coins,
    now: clock.now,
    log,
    source: createProviderWatch(log)(createMarketCapSource(context, db)),
    store: createMarketCapStore(db),
    directory: createCoinDirectory(coins, symbols.read),
  });
}

/** Below the limits of the free plans: 30 requests a minute with a key, fewer without. */
const REQUEST_GAP_MS = { keyed: 2500, keyless: 12_000 } as const;

function createMarketCapSource(
  { config: { marketCaps }, clock, fetch, log }: PartContext,
  db: Db,
): MarketCapSource {
  const { provider: name } = marketCaps;
  const access = marketCaps[name];
  const gapMs = REQUEST_GAP_MS[access.key === undefined ? "keyless" : "keyed"];
  const gate = createProviderGate({ name, gapMs, clock, waits: createProviderWaits(db) });
  const options = { ...access, gate, fetch, now: clock.now, log };
  return name === "coinmarketcap"
    ? createCoinMarketCap(options)
    : createCoinGecko({ ...options, list: createCoinListStore(db) });
}

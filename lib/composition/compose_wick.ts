import { createKlineFiles } from "../candle_files/kline_files.ts";
import { systemClock } from "../clock.ts";
import type { OrderDeps } from "../collector/plan/collect_plan.ts";
import { createRoomGuard } from "../collector/disk_space.ts";
import type { Schedule } from "../collector/schedule.ts";
import type { CollectedSymbols } from "../collector/plan/symbol_list.ts";
import type { Config } from "../config.ts";
import { settlesWithin } from "../core/deadline.ts";
import { namedSymbols } from "../core/symbol_selection.ts";
import { marketOf, PUBLIC_MARKET } from "../core/public_market.ts";
import type { Services } from "../http/define.ts";
import type { LiveHub } from "../live/hub.ts";
import type { KlineFiles } from "../ports/archive_source.ts";
import type { Disk, Logger } from "../ports/host.ts";
import type { LakeSource } from "../ports/lake_source.ts";
import { createDisk } from "../store/cluster/machine.ts";
import type { KvHandle } from "../store/kv/kv.ts";
import type { CarryOver } from "../store/postgres/carry_over.ts";
import { createLakeSource } from "../store/postgres/reading/export_postgres.ts";
import { createForeignTables } from "../store/postgres/foreign_candles.ts";
import { openStore, type Store } from "../store/postgres/open_store.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { lastSuccesses } from "../store/postgres/status/runs_postgres.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import { readMoment } from "../telemetry/read_moment.ts";
import { composeBoards, openOwnKv } from "./compose_boards.ts";
import { composeExchange } from "./compose_exchange.ts";
import { composeJobs, composeSchedule, composeSymbolList } from "./compose_jobs.ts";
import { composeLive, composeLiveSource, storeCloses } from "./compose_live.ts";
import { composeServices } from "./compose_services.ts";
import { type PartContext, toQuiet } from "./part_context.ts";

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

/** All parts of wick. */
export interface Wick {
  readonly config: Config;
  readonly services: Services;
  readonly jobs: OrderDeps;
  readonly symbols: CollectedSymbols;
  readonly schedule: Schedule;
  /** Begins collecting, except on a hosted platform that has candles: its crons suffice. */
  begin(): Promise<void>;
  readonly files: KlineFiles;
  readonly lake: LakeSource;
  readonly disk: Disk;
  readonly log: Logger;
  /** Ends the event streams, which would keep the server from closing. */
  endStreams(): Promise<void>;
  /** Upgrades the embedded cluster to the PostgreSQL of this version; see `carryOver`. */
  upgrade(binaries: string | undefined): Promise<CarryOver | undefined>;
  /**
   * Ends jobs, each after the batch in progress, and closes everything, within 4 s. A batch that
   * takes longer is rolled back. `requests` settles with the last request in progress.
   */
  close(requests?: Promise<unknown>): Promise<void>;
  /** Asks the embedded server to stop without waiting, for a process that exits immediately. */
  abandon(): void;
}

/** Time for requests and batches in progress when wick is closed. */
const DRAIN_MS = 1_200;
/** Time for jobs that fail with the database's connections to release their leases. */
const LEAVE_MS = 200;

/** Symbols whose newest candles confirm a doubtful clock of the exchange. */
const MAX_WITNESSES = 3;

/** Composes all parts. Only Deno KV is opened; the database is opened on first use. */
export async function composeWick(options: CompositionOptions): Promise<Wick> {
  const { config, log } = options;
  reportMarket(config, log);
  const kv = await openOwnKv(options);
  const metrics = createMetrics((query) =>
    readMoment({ ...services, ...replicaFacts(store) }, query)
  );
  const context = toContext(options, metrics);
  const store = openOwnStore(options, context);
  const disk = createDisk(store.locate);
  const requireRoom = createRoomGuard(disk, context.outageLog);
  const boards = composeBoards(context, kv);
  const exchange = composeExchange({
    ...context,
    urls: config.binanceUrls,
    witnesses: namedSymbols(config.symbols)?.slice(0, MAX_WITNESSES),
    boards,
  });
  const jobParts = { db: store.db, exchange, boards, requireRoom };
  const jobs = composeJobs(context, jobParts);
  const symbols = composeSymbolList(context, jobParts);
  const live = composeLive(context, {
    ...storeCloses(jobs),
    source: composeLiveSource(context, exchange),
    reader: createKlineReader(store.heavy),
    boards,
    status: exchange.status,
  });
  const stopping = new AbortController();
  const schedule = composeSchedule(context, { ...jobParts, jobs, disk, symbols }, stopping.signal);
  const services = composeServices(context, {
    store,
    exchange,
    boards,
    kv,
    symbols,
    live,
    requireRoom,
    metrics: metrics.text,
    plotlyHref: options.plotlyHref,
  });
  return {
    config,
    services,
    jobs,
    symbols,
    schedule,
    files: createKlineFiles(createForeignTables(log)),
    lake: createLakeSource(store.reads.db, store.reads.exports),
    disk,
    log,
    begin: () => beginCollecting(options, schedule, store),
    endStreams: () => live.close(),
    upgrade: (binaries) => upgrade(options, binaries),
    close: (requests) => closeAll({ stopping, store, live, schedule, kv }, requests),
    abandon: store.abandon,
  };
}

function openOwnStore(
  options: CompositionOptions,
  { config, telemetry, clock: { now } }: PartContext,
): Store {
  const historySince = config.historySince ?? 0;
  return openStore({ ...config, ...options, historySince, telemetry, now });
}

function toContext(
  { config, log, isHosted, isCommand }: CompositionOptions,
  telemetry: Metrics,
): PartContext {
  return {
    config,
    clock: systemClock,
    fetch,
    log,
    outageLog: isCommand ? toQuiet(log) : log,
    telemetry,
    isHosted,
  };
}

function replicaFacts({ reads }: Store) {
  return { lagMs: reads.lagMs, lastSuccesses: () => lastSuccesses(reads.db) };
}

/** Logs once which sources are off because they belong to another market than the candles. */
function reportMarket({ binanceUrls, archiveUrl, binanceStreamUrls }: Config, log: Logger): void {
  const unused: string[] = [];
  if (archiveUrl === undefined) unused.push("archive (ARCHIVE_URL)");
  if (binanceStreamUrls.length === 0) unused.push("streams (BINANCE_STREAM_URL)");
  if (marketOf(binanceUrls) === PUBLIC_MARKET || unused.length === 0) return;
  log.info(
    `BINANCE_URLS is not Binance's public market: ${unused.join(" and ")} are off unless set`,
  );
}

/** On a hosted platform every burst of visitors starts instances, which must not all collect. */
async function beginCollecting(
  { isHosted }: CompositionOptions,
  schedule: Schedule,
  { db }: Store,
): Promise<void> {
  const hasCandles = () =>
    createKlineReader(db).newestTimes().then(
      (times) => times.some(({ lastOpenTime }) => lastOpenTime !== undefined),
      () => true,
    );
  if (isHosted && await hasCandles()) return;
  await schedule.begin();
}

async function upgrade(
  options: CompositionOptions,
  binaries: string | undefined,
): Promise<CarryOver | undefined> {
  const { carryOver } = await import("../store/postgres/carry_over.ts");
  return await carryOver({ ...options, dataDir: options.config.dataDir, binaries });
}

interface Closable {
  readonly stopping: AbortController;
  readonly store: Store;
  readonly live: LiveHub;
  readonly schedule: Schedule;
  readonly kv: KvHandle;
}

async function closeAll(
  { stopping, store, live, schedule, kv }: Closable,
  requests: Promise<unknown> | undefined,
): Promise<void> {
  stopping.abort(new Error("wick is stopping"));
  store.cancelOpening();
  const jobs = Promise.all([live.close(), schedule.settled()]);
  await settlesWithin(Promise.all([jobs, requests]), DRAIN_MS);
  await store.close();
  await settlesWithin(jobs, LEAVE_MS);
  kv.kv?.close();
}

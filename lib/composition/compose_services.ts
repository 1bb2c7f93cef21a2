import type { Hosts } from "../binance/hosts.ts";
import type { RequestBudget } from "../binance/weight.ts";
import { createHistoryReader } from "../collector/backfill/backfill_progress.ts";
import type { RequireRoom } from "../collector/disk_space.ts";
import type { Config } from "../config.ts";
import { createAnswerCache } from "../http/answer_cache.ts";
import type { Services, Settings } from "../http/define.ts";
import { createLimits } from "../http/limits.ts";
import { createServedWeight } from "../http/served_weight.ts";
import type { LiveHub } from "../live/hub.ts";
import { createCoinDirectory } from "../marketcap/coins.ts";
import type { FailingBoard, MaintenanceBoard } from "../ports/boards.ts";
import type { StreamBoard } from "../ports/close_streams.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";
import type { SymbolList } from "../ports/symbol_list.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import { readMachine } from "../store/cluster/machine.ts";
import type { KvHandle } from "../store/kv/kv.ts";
import { createCapHistory } from "../store/postgres/market_caps/cap_history_postgres.ts";
import { createChartReader } from "../store/postgres/reading/chart_postgres.ts";
import { createCoinStore } from "../store/postgres/market_caps/coins_postgres.ts";
import { exportShare } from "../store/postgres/connection/connection_budget.ts";
import { createKlineExporter } from "../store/postgres/reading/export_postgres.ts";
import { createGapLedger } from "../store/postgres/writing/gaps_postgres.ts";
import { createMarketCapStore } from "../store/postgres/market_caps/market_caps_postgres.ts";
import type { Store } from "../store/postgres/open_store.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { findSimulated } from "../store/postgres/status/runs_postgres.ts";
import { createRollupReader } from "../store/postgres/rollups/rollups_postgres.ts";
import { createStatusReader } from "../store/postgres/status/status_postgres.ts";
import { createUniverseReader } from "../store/postgres/universe/universe_postgres.ts";
import { watchExporter } from "../telemetry/watch_parts.ts";
import { pingKv } from "./compose_boards.ts";
import { seriesOf } from "./compose_jobs.ts";
import type { PartContext } from "./part_context.ts";

export interface ServiceParts {
  readonly store: Pick<Store, "reads" | "ping">;
  readonly exchange: {
    readonly status: ExchangeStatus;
    readonly budget: Pick<RequestBudget, "read" | "used">;
    readonly hosts: Pick<Hosts, "list">;
  };
  readonly boards: {
    readonly failing: Pick<FailingBoard, "list">;
    readonly maintenance: Pick<MaintenanceBoard, "read">;
    readonly streams: Pick<StreamBoard, "read">;
  };
  readonly kv: KvHandle;
  readonly symbols: SymbolList;
  readonly live: LiveHub;
  readonly requireRoom: RequireRoom;
  readonly metrics: Services["metrics"];
  readonly plotlyHref: string;
}

/** All dependencies of the routes. */
export function composeServices(context: PartContext, parts: ServiceParts): Services {
  const { config, clock, log, telemetry } = context;
  const { store, exchange, boards, live, metrics, symbols } = parts;
  const readers = composeReaders(store.reads, symbols, telemetry);
  return {
    ...readers,
    ...composeChecks(context, parts),
    history: createHistoryReader({
      reader: readers.reader,
      gaps: readers.gaps,
      listSeries: async () => seriesOf(await symbols.read(), config),
      since: config.historySince ?? 0,
      serverTime: exchange.status.serverTime,
      weightLimit: () => exchange.budget.used().limit,
      hasArchive: config.archiveUrl !== undefined,
    }),
    exchange: exchange.status,
    budget: exchange.budget,
    hosts: exchange.hosts.list,
    failing: boards.failing.list,
    maintenance: boards.maintenance.read,
    streams: boards.streams.read,
    live,
    answers: createAnswerCache(),
    servedWeight: createServedWeight(clock.now),
    limits: createLimits({
      settings: config.limits,
      telemetry,
      exportPlaces: Math.max(1, exportShare(config.databasePool)),
    }),
    now: clock.now,
    log,
    telemetry,
    metrics,
    symbols,
    settings: toSettings(config, parts.plotlyHref),
  };
}

type Readers = Pick<
  Services,
  | "reader"
  | "charts"
  | "exporter"
  | "gaps"
  | "directory"
  | "marketCaps"
  | "capHistory"
  | "status"
  | "rollups"
  | "universe"
>;

/** Reads from the replica where there is one. */
function composeReaders(
  reads: Store["reads"],
  symbols: SymbolList,
  telemetry: Telemetry,
): Readers {
  const { db, heavy, exports } = reads;
  return {
    reader: createKlineReader(db),
    charts: createChartReader(db),
    exporter: watchExporter(createKlineExporter(db, exports, { heavy }), telemetry),
    gaps: createGapLedger(db),
    directory: createCoinDirectory(createCoinStore(db), symbols.read),
    marketCaps: createMarketCapStore(db),
    capHistory: createCapHistory(heavy),
    status: createStatusReader(heavy),
    rollups: { ...createRollupReader(heavy), find: createRollupReader(db).find },
    universe: createUniverseReader(db),
  };
}

/** The state of the database, KV, the machine and the exchange, for `/readyz` and `/status`. */
function composeChecks(
  { config, isHosted }: PartContext,
  { store, kv, exchange, requireRoom }: ServiceParts,
): Pick<Services, "pingDatabase" | "pingKv" | "machine" | "simulated"> {
  return {
    async pingDatabase(withinMs) {
      await store.ping(withinMs);
      await requireRoom();
    },
    pingKv: () => pingKv(kv),
    machine: () => readMachine({ ...config, isHosted }, kv),
    simulated: async () => exchange.status.read().simulated ?? await findSimulated(store.reads.db),
  };
}

function toSettings(config: Config, plotlyHref: string): Settings {
  return {
    basePath: config.server.basePath,
    proxy: { hops: config.server.trustProxyHops },
    intervals: config.intervals,
    historySince: config.historySince ?? 0,
    hasArchive: config.archiveUrl !== undefined,
    plotlyHref,
  };
}

import { createDefine } from "fresh";
import type { Interval } from "../core/interval.ts";
import type { LiveHub } from "../live/hub.ts";
import type { EpochMs } from "../core/time.ts";
import type { BudgetReader, FailingSeries, Maintenance } from "../ports/boards.ts";
import type { StreamState } from "../ports/close_streams.ts";
import type { ChartReader } from "../ports/chart_reader.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { HistoryReader } from "../ports/history_reader.ts";
import type { HostState, Logger, MachineState } from "../ports/host.ts";
import type { KlineExporter } from "../ports/kline_exporter.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";
import type { CoinDirectory, MarketCapHistory, MarketCapStore } from "../ports/market_caps.ts";
import type { RollupReader } from "../ports/rollup_ledger.ts";
import type { StatusReader } from "../ports/status_reader.ts";
import type { SymbolList } from "../ports/symbol_list.ts";
import type { MetricsQuery, MetricsText, Telemetry } from "../ports/telemetry.ts";
import type { UniverseReader } from "../ports/universe.ts";
import type { AnswerCache, Reuse } from "./answer_cache.ts";
import type { ProxyOptions } from "./client_address.ts";
import type { Limits } from "./limits.ts";
import type { ServedWeight } from "./served_weight.ts";

/** Dependencies of the routes; `main.ts` creates them, tests pass others. */
export interface Services {
  readonly reader: KlineReader;
  readonly charts: ChartReader;
  readonly exporter: KlineExporter;
  readonly gaps: GapLedger;
  /** Progress of the backfill. */
  readonly history: HistoryReader;
  /** Request weight used and allowed, and bans. */
  readonly budget: BudgetReader;
  /** The coins of the configured symbols. */
  readonly directory: CoinDirectory;
  readonly marketCaps: MarketCapStore;
  readonly capHistory: MarketCapHistory;
  readonly status: StatusReader;
  /** Comparisons of candles with the sums of shorter ones. */
  readonly rollups: RollupReader;
  /** Every symbol of the exchange, with the times during which it was traded. */
  readonly universe: UniverseReader;
  /** In order of preference. */
  readonly hosts: () => readonly HostState[];
  /** Series that back off while others continue. */
  readonly failing: () => Promise<FailingSeries[]>;
  /** Set while the exchange trades almost no symbols. */
  readonly maintenance: () => Promise<Maintenance | undefined>;
  /** Collecting by streams, in any instance; `undefined` while none does. */
  readonly streams: () => Promise<StreamState | undefined>;
  readonly machine: () => Promise<MachineState>;
  readonly exchange: ExchangeStatus;
  readonly answers: AnswerCache;
  readonly live: LiveHub;
  /** Concurrency limits by class. */
  readonly limits: Limits;
  readonly servedWeight: ServedWeight;
  /**
   * Rejects with the reason when the database cannot be read and written, or does not respond in
   * time.
   */
  readonly pingDatabase: (withinMs?: number) => Promise<void>;
  /** `ok`, or the fallback in use; rejects with the reason when KV does not respond. */
  readonly pingKv: () => Promise<string>;
  /** Set when stored candles came from a simulator: pages must show it. */
  readonly simulated: () => Promise<string | undefined>;
  readonly now: () => EpochMs;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** The text of `/metrics`. */
  readonly metrics: (query: MetricsQuery) => Promise<MetricsText>;
  /** The symbols that are collected. */
  readonly symbols: SymbolList;
  readonly settings: Settings;
}

export interface Settings {
  /** `""` or `/wick`: prefix of all paths. */
  readonly basePath: string;
  /** Number of trusted proxies in front. */
  readonly proxy: ProxyOptions;
  readonly intervals: readonly Interval[];
  /** Start of the wanted history; 0: all of it. */
  readonly historySince: EpochMs;
  /** True if history also comes from archive files. */
  readonly hasArchive: boolean;
  /** URL of Plotly, with its content hash. */
  readonly plotlyHref: string;
}

/** State passed from middlewares to handlers. */
export interface State {
  services: Services;
  /** Identifies the request in the log and on error pages. */
  requestId: string;
  /** Symbols that the reader has marked; unset for a page that readers share. */
  favourites?: readonly string[];
  /** Set when the page itself shows why the exchange is unreachable. */
  givesReason?: boolean;
  /** Set when equal requests can get the same response. */
  reuse?: Reuse;
}

export const define = createDefine<State>();

import { createDefine } from "fresh";
import type { Interval } from "../core/interval.ts";
import type { LiveHub } from "../live/hub.ts";
import type { EpochMs } from "../core/time.ts";
import type { BudgetReader, FailingSeries, Maintenance } from "../ports/boards.ts";
import type { ChartReader } from "../ports/chart_reader.ts";
import type { GapLedger } from "../ports/gap_ledger.ts";
import type { HistoryReader } from "../ports/history_reader.ts";
import type { HostState, Logger, MachineState } from "../ports/host.ts";
import type { KlineExporter } from "../ports/kline_exporter.ts";
import type { KlineReader } from "../ports/kline_reader.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";
import type { CoinDirectory, MarketCapHistory, MarketCapStore } from "../ports/market_caps.ts";
import type { StatusReader } from "../ports/status_reader.ts";
import type { SymbolList } from "../ports/symbol_list.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { AnswerCache } from "./answer_cache.ts";
import type { ProxyOptions } from "./client_address.ts";
import type { Limits } from "./limits.ts";
import type { ServedWeight } from "./served_weight.ts";

/** What the routes work with; `main.ts` makes them, tests hand in others. */
export interface Services {
  readonly reader: KlineReader;
  readonly charts: ChartReader;
  readonly exporter: KlineExporter;
  readonly gaps: GapLedger;
  /** How far the backfill has come. */
  readonly history: HistoryReader;
  /** Request weight spent and allowed, and bans. */
  readonly budget: BudgetReader;
  /** The coins behind the configured symbols. */
  readonly directory: CoinDirectory;
  readonly marketCaps: MarketCapStore;
  readonly capHistory: MarketCapHistory;
  readonly status: StatusReader;
  /** In the order in which they are tried. */
  readonly hosts: () => readonly HostState[];
  /** Series that back off while others go on. */
  readonly failing: () => Promise<FailingSeries[]>;
  /** Set while the exchange trades next to nothing. */
  readonly maintenance: () => Promise<Maintenance | undefined>;
  readonly machine: () => Promise<MachineState>;
  readonly exchange: ExchangeStatus;
  readonly answers: AnswerCache;
  readonly live: LiveHub;
  /** How much of each class is answered at once. */
  readonly limits: Limits;
  readonly servedWeight: ServedWeight;
  /** Rejects with the reason when the database cannot be read and written, or does not say in time. */
  readonly pingDatabase: (withinMs?: number) => Promise<void>;
  /** `ok`, or what KV does without; rejects with the reason when it does not answer. */
  readonly pingKv: () => Promise<string>;
  /** Set when stored candles came from a simulator: pages must say so. */
  readonly simulated: () => Promise<string | undefined>;
  readonly now: () => EpochMs;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<{ readonly body: string; readonly contentType: string }>;
  /** The symbols that are collected. */
  readonly symbols: SymbolList;
  readonly settings: Settings;
}

export interface Settings {
  /** `""` or `/wick`: comes before every path of ours. */
  readonly basePath: string;
  /** Proxies in front whose word on clients and addresses is believed. */
  readonly proxy: ProxyOptions;
  readonly intervals: readonly Interval[];
  /** How far back history is wanted; 0: everything. */
  readonly historySince: EpochMs;
  /** Whether history comes in files of the exchange's archive, too. */
  readonly hasArchive: boolean;
  /** Address of Plotly, content hash in its name. */
  readonly plotlyHref: string;
}

/** What middlewares leave for handlers. */
export interface State {
  services: Services;
  /** Names the request in the log and on error pages. */
  requestId: string;
  /** Set when the page itself tells why the exchange cannot be reached. */
  givesReason?: boolean;
}

export const define = createDefine<State>();

import type { Interval } from "../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../lib/core/time.ts";
import type { SimulatedClock } from "./clock.ts";
import type { WeightMeter } from "./exchange/weight_meter.ts";
import type { Faults } from "./faults/faults.ts";
import type { KlineRow } from "./market/kline_row.ts";
import type { SymbolStatus } from "./market/listings.ts";
import type { RequestLog } from "./request_log.ts";
import type { NewSymbol } from "./seeded/new_symbol.ts";
import type { Outage } from "./seeded/outages.ts";
import type { KlineStreams } from "./streams/kline_streams.ts";
import type { GapRequest, RevisionRequest, SymbolState } from "./world.ts";

/** Everything has a default: `startSimulator()` is a running exchange on a free port. */
export interface SimulatorOptions {
  /** 0 (the default): any free port. */
  readonly port?: number;
  /** 127.0.0.1 unless given. */
  readonly hostname?: string;
  /** 42 unless given; the same seed gives the same digits everywhere. */
  readonly seed?: number;
  /** Files and folders of saved candles, served instead of generated ones. */
  readonly csv?: readonly string[];
  /** Where the clock starts; real time unless given. */
  readonly now?: EpochMs;
  /** Whether the clock stands still. */
  readonly frozen?: boolean;
  /** The symbols to list; names that the catalogue lacks are made up. */
  readonly symbols?: readonly string[];
  /** No candles from before this. */
  readonly since?: EpochMs;
  /** `false`: a gapless grid; or one's own. */
  readonly outages?: boolean | readonly Outage[];
  /** Request weight per minute and IP, 6000 unless given. */
  readonly weightLimit?: number;
  /** Requests put up with after a 429 before a ban, 20 unless given. */
  readonly banAfter?: number;
  /** What minutes and bans go by: real time unless given. */
  readonly weightClock?: "wall" | "simulated";
  /** Memory for candles already computed, 256 MiB unless given. */
  readonly cacheBytes?: number;
  /** How many requests the log keeps, 50000 unless given. */
  readonly logLimit?: number;
}

/** A running simulator: the outside world of wick on one local port. */
export interface Simulator extends AsyncDisposable {
  /** An origin: what BINANCE_URLS, COINGECKO_URL and COINMARKETCAP_URL take. */
  readonly url: string;
  /** `seed 42` or `replay`; every answer carries it in the header `x-wick-simulator`. */
  readonly label: string;
  readonly clock: SimulatedClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly weights: WeightMeter;
  /** Kline streams at `ws://` and the port of `url`. */
  readonly streams: KlineStreams;
  /** Bytes of candles kept in memory. */
  readonly cachedBytes: number;
  /** The symbols listed by now. */
  symbols(): SymbolState[];
  /** The closed candles that the exchange serves now, ascending, each once; `range` by open time. */
  candles(symbol: string, interval: Interval, range?: Partial<TimeRange>): KlineRow[];
  /** @throws {RangeError} when there is no such closed candle, or other intervals cannot agree */
  revise(request: RevisionRequest): void;
  /** Candles are missing from now on, until `unhide`. */
  hide(request: GapRequest): void;
  unhide(request: GapRequest): void;
  addSymbol(symbol: NewSymbol): void;
  /** Delisting: from `at` (now unless given) on no candles, status BREAK unless given. */
  stopSymbol(symbol: string, at?: EpochMs, status?: SymbolStatus): void;
  resumeSymbol(symbol: string): void;
  /** Cuts all connections and refuses new ones, for `forMs` or until `up`. */
  down(forMs?: number): Promise<void>;
  /** Listens again on the same port. */
  up(): Promise<void>;
  /** Ends everything; a second call does nothing. */
  close(): Promise<void>;
}

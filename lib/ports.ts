import type { ArchiveFile } from "./core/archive.ts";
import type { Cursor, SeriesMark } from "./core/cursor.ts";
import type { ErrorCode } from "./core/errors.ts";
import type { GapClass, GapEvidence } from "./core/gaps.ts";
import type { BackfillPlan } from "./core/history.ts";
import type { Interval } from "./core/interval.ts";
import type { Kline, KlineColumn, KlineColumns, Series } from "./core/kline.ts";
import type { KlineRowText } from "./core/kline_row_text.ts";
import type { EpochMs, TimeRange } from "./core/time.ts";
import type { Decimal } from "./core/decimal.ts";

/** Says what happened; `lib/log.ts` decides where it goes. */
export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Time, and the passing of it. Tests hand in one that they move. */
export interface Clock {
  now(): EpochMs;
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

// --- the exchange ---

/** A market as the exchange lists it. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /**
   * `TRADING`, `BREAK`, …; anything but `TRADING` means that no new candle is to be expected.
   * `REMOVED` is ours: the exchange does not list the symbol any more.
   */
  readonly status: string;
  readonly tickSize: Decimal | undefined;
  readonly stepSize: Decimal | undefined;
}

/** What a page of klines is asked for. With `from` the oldest ones from there on, else the newest. */
export interface PageQuery {
  /** Inclusive, compared with open times. */
  readonly from?: EpochMs;
  /** Exclusive, compared with open times. */
  readonly to?: EpochMs;
  /** 1..1000, default 1000. */
  readonly limit?: number;
}

/** Rows as the exchange serves them: the newest may still move. */
export interface KlinePage {
  /** Strictly ascending open times. */
  readonly klines: readonly Kline[];
  /** The exchange's clock, read before the rows: what has ended by then cannot move any more. */
  readonly serverTime: EpochMs;
}

/** What has been spent on the exchange since the source was made. */
export interface SourceUsage {
  readonly requests: number;
  readonly weight: number;
  /** Host that answered last. */
  readonly host: string | undefined;
  /** Set when the exchange says of itself that it is a simulator. */
  readonly simulated: string | undefined;
}

/** The exchange's market data. Every method throws `exchange_unavailable`, `rate_limited` or `bad_payload`. */
export interface KlineSource {
  /** Clock of the exchange, at most a few seconds old, never ahead of it. */
  serverTime(signal: AbortSignal): Promise<EpochMs>;
  listSymbols(signal: AbortSignal): Promise<MarketSymbol[]>;
  /** @throws `not_found` for a symbol that the exchange does not have */
  page(series: Series, query: PageQuery, signal: AbortSignal): Promise<KlinePage>;
  usage(): SourceUsage;
}

/** A file of candles of one series. */
export interface KlineFile extends Series {
  /** Without folders. */
  readonly name: string;
  readonly bytes: number;
  /** Its SHA-256 is what somebody said it should be. */
  readonly isChecked: boolean;
  readonly origin: CandleOrigin;
  /**
   * Reads the file from its beginning, as often as asked; batches are ascending in themselves. Throws
   * `bad_payload` where the file cannot be trusted, which may be at its very end.
   */
  candles(): AsyncIterable<Kline[]>;
}

/** Files of the operator's. */
export interface KlineFiles {
  /**
   * `named` says what the file's name does not. Throws `bad_payload` when a checksum lies beside it
   * that does not hold, `not_found` for what cannot be read, `invalid_input` when nobody says which
   * series it is.
   */
  open(path: string, named: Partial<Series>): Promise<KlineFile>;
}

/** The exchange's archive of whole months and days. */
export interface ArchiveSource {
  /**
   * A file, its checksum verified; `undefined` when there is no such file (yet). Throws
   * `exchange_unavailable`, or `bad_payload` for a file that cannot be trusted.
   */
  open(file: ArchiveFile, signal: AbortSignal): Promise<KlineFile | undefined>;
}

/** What this process last saw of the exchange. */
export interface ExchangeState {
  readonly host: string | undefined;
  /** Set when the exchange says of itself that it is a simulator. */
  readonly simulated: string | undefined;
  readonly answeredAt: EpochMs | undefined;
  /** Set while the newest request has failed. */
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
}

export interface ExchangeStatus {
  read(): ExchangeState;
  /** The exchange's clock, carried on by ours since it was last read. */
  serverTime(): EpochMs;
}

// --- our own storage ---

/** What a write did, in candles. */
export interface WriteCount {
  readonly new: number;
  readonly corrected: number;
  readonly unchanged: number;
  /** Differed from what a more reliable source had said: recorded, not stored. Absent: none. */
  readonly conflicts?: number;
}

/** What is held of a series. */
export interface SeriesState {
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  /** Open time of the exchange's very first candle, once asked for. */
  readonly listedAt: EpochMs | undefined;
  /** Candles before it have been read again by the audit in rotation; `undefined`: it begins anew. */
  readonly auditedTo: EpochMs | undefined;
  /** Grows with every change. */
  readonly version: number;
  readonly rows: number;
}

/** Where closed candles are kept. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineStore {
  /** Makes the markets known; a repeat changes nothing. */
  saveSymbols(symbols: readonly MarketSymbol[]): Promise<void>;
  /** Sets the status of markets to `REMOVED` and returns them; unknown ones are left out. */
  markRemoved(symbols: readonly string[]): Promise<MarketSymbol[]>;
  /** @throws `not_found` for a symbol that was never saved */
  openSeries(series: Series): Promise<void>;
  getState(series: Series): Promise<SeriesState>;
  saveListedAt(series: Series, listedAt: EpochMs): Promise<void>;
  saveAuditedTo(series: Series, auditedTo: EpochMs | undefined): Promise<void>;
  /** The candles that open in the range, ascending, to the digit; all of them at once. */
  read(series: Series, range: TimeRange): Promise<Kline[]>;
  /**
   * Stores closed candles in one transaction: new ones are added, changed ones replaced with the old
   * row kept, identical ones left alone (a repeat writes nothing). Holes in the ledger follow. Of two
   * sources that differ the more reliable one is believed, whichever came first; see `CandleOrigin`.
   */
  write(series: Series, klines: readonly Kline[], runId: number): Promise<WriteCount>;
}

/** The disk on which candles are kept. */
export interface Disk {
  /** `undefined` when it is not this machine's. */
  read(): Promise<{ readonly folder: string; readonly freeBytes: number } | undefined>;
}

/** Candles wanted for a chart. */
export interface CandleQuery extends Series {
  /** Inclusive. Without it the newest `limit` candles are meant. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  readonly limit: number;
}

/** What is held of a series. */
export interface SeriesExtent extends Series {
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: string;
  /** Smallest price step, as text. */
  readonly tickSize: string | undefined;
  readonly rows: number;
  /** Candles that open beside the interval's grid, as the exchange served them after outages. */
  readonly offGrid: number;
  readonly firstOpenTime: EpochMs | undefined;
  readonly lastOpenTime: EpochMs | undefined;
  readonly listedAt: EpochMs | undefined;
}

/** What is held of a series, and how whole it is. */
export interface SeriesCoverage extends SeriesExtent {
  /** Number of holes of each class. */
  readonly holes: Readonly<Partial<Record<GapClass, number>>>;
}

/** Recent closes of a market, as floats: for pictures and headlines. */
export interface Quote {
  readonly symbol: string;
  /** Of the newest candle. */
  readonly lastOpenTime: EpochMs;
  /** Ascending, the newest last; never empty. */
  readonly closes: readonly number[];
  /** The close one day before the newest, when there is one. */
  readonly dayAgo: number | undefined;
}

/** What was traded in a stretch of time, to the digit. */
export interface Traded {
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
  readonly quoteVolume: Decimal;
  readonly trades: number;
}

export interface TradedStretch {
  /** Whether every candle of it that the exchange has is held, as far as the ledger knows. */
  readonly isWhole: boolean;
  /** Of the last candle before it. */
  readonly previousClose: Decimal | undefined;
  /** Absent: no candle opens in it. */
  readonly traded: Traded | undefined;
}

/** How much is held of a series. */
export interface HeldSeries extends SeriesMark {
  readonly rows: number;
  readonly lastOpenTime: EpochMs | undefined;
}

/** Reads what is stored. Every method throws `store_unavailable` when it cannot be reached. */
export interface KlineReader {
  /** `undefined` when the series is not held. */
  findSeries(series: Series): Promise<HeldSeries | undefined>;
  /** Ascending. A series that is not held has no candles. */
  columns(query: CandleQuery): Promise<KlineColumns>;
  /** The same of a series that is held, and its mark, both as of one moment. */
  markedColumns(query: CandleQuery): Promise<{ mark: SeriesMark; columns: KlineColumns }>;
  /** The same candles as the exchange writes its rows, digit for digit. */
  rows(query: CandleQuery): Promise<KlineRowText[]>;
  /** The markets of which series are held, by name. */
  symbols(): Promise<MarketSymbol[]>;
  /**
   * The oldest `limit` candles that open after `openTime`, ascending, as the exchange writes its rows;
   * none from behind a hole that is still to be filled.
   */
  rowsAfter(series: Series, openTime: EpochMs, limit: number): Promise<KlineRowText[]>;
  /** What the stored candles that open in the range add up to. */
  traded(series: Series, range: TimeRange): Promise<TradedStretch>;
  /** Every series held, by symbol and interval; takes as long however many holes there are. */
  extents(): Promise<SeriesExtent[]>;
  /** The same with a count of holes. */
  coverage(): Promise<SeriesCoverage[]>;
  /** The newest `count` closes of each symbol that has any at `interval`, in no particular order. */
  quotes(symbols: readonly string[], interval: Interval, count: number): Promise<Quote[]>;
}

/** Where a stored candle comes from. */
export interface Provenance {
  readonly openTime: EpochMs;
  readonly storedAt: EpochMs;
  readonly origin: CandleOrigin;
  /** How often the exchange has restated it since it was first stored. */
  readonly revisions: number;
}

/** What anyone can hold a picture of candles and a file of them against. */
export interface RangeProof {
  readonly rows: number;
  /** Of the bytes that `/export` gives of the range as CSV; lower-case hex. */
  readonly sha256: string;
}

/** What a chart tells besides its candles. Every method throws `store_unavailable`. */
export interface ChartReader {
  /** Of every candle in the range, ascending. */
  provenance(range: Series & TimeRange): Promise<Provenance[]>;
  /** `version` is the series'; with the same one the answer is the same. */
  proof(range: Series & TimeRange, version: number): Promise<RangeProof>;
  /** About `points` closes, evenly spread over the range, ascending; for a picture of all history. */
  outline(range: Series & TimeRange, points: number): Promise<OutlinePoint[]>;
}

export interface OutlinePoint {
  readonly openTime: EpochMs;
  readonly close: number;
}

/** How exported candles are written; `binance` is the layout of the exchange's archive. */
export type ExportFormat = "csv" | "ndjson" | "json" | "binance" | "parquet";

/** Which candles are wanted. */
export interface ExportQuery {
  /** At least one. Candles come in this order, ascending within each. */
  readonly series: readonly Series[];
  /** What they become. */
  readonly format: ExportFormat;
  /** Inclusive. */
  readonly from?: EpochMs;
  /** Exclusive. */
  readonly to?: EpochMs;
  /** Candles as they were known at this time: versions stored at or before it. */
  readonly asOf?: EpochMs;
  /** Only candles that came or were corrected after it. */
  readonly after?: Cursor;
}

/** What an export of a series will hold. */
export interface SeriesHead extends Series, SeriesMark {
  readonly rows: number;
  /** Holes that touch the range. */
  readonly gaps: number;
  /** Of everything stored, not of the range. */
  readonly lastOpenTime: EpochMs | undefined;
  /** Where a reader who has this export goes on. */
  readonly next: SeriesMark;
}

/** How candles are written as lines. */
export interface LineLayout {
  readonly format: "csv" | "binance" | "ndjson";
  /** How open and close times are written; `binance` is always ms. */
  readonly time: "iso" | "ms";
  /** Symbol and interval lead every line. */
  readonly isNamed: boolean;
  /** Columns are named in a first line, where the format has one. */
  readonly hasHeader: boolean;
}

/** How many digits a decimal column needs, in all and behind the point. */
export interface DecimalSize {
  readonly precision: number;
  readonly scale: number;
}

/** Whole numbers of so many digits fit into eight bytes. */
export const INT8_DIGITS = 18;

/** A stretch of candles and how many bytes they take as lines. */
export interface LineBlock {
  readonly from: EpochMs;
  readonly bytes: number;
}

/** A consistent view of candles, good until closed. One stream at a time. */
export interface OpenExport {
  /** As asked for. Two exports with the same marks and query have the same bytes. */
  readonly heads: readonly SeriesHead[];
  /**
   * Candles of the series at `index` as lines. The stream fails, rather than ends, when the database
   * does; cancelled, it stops the database at once.
   *
   * `part` takes the place of the export's own ends; it must lie within.
   */
  lines(index: number, layout: LineLayout, part?: Partial<TimeRange>): ReadableStream<Uint8Array>;
  /**
   * The same as PostgreSQL's binary COPY, columns in the CSV's order: times as int8 epoch ms, trades
   * as int4, a decimal of `sizes` as the whole number that it is without its point, int8 up to
   * `INT8_DIGITS` digits and text beyond; other decimals as text.
   */
  tuples(
    index: number,
    sizes: ReadonlyMap<KlineColumn, DecimalSize>,
  ): ReadableStream<Uint8Array>;
  /**
   * The digits that the decimal columns of the series at `indexes` need. Reads them all, and yields
   * between parts: nothing, but whoever waits may be told.
   */
  measure(indexes: readonly number[]): AsyncGenerator<undefined, Map<KlineColumn, DecimalSize>>;
  /** The lines of a series, without header, in blocks of some thousand. Reads the series. */
  blocks(index: number, layout: LineLayout): Promise<LineBlock[]>;
  /** Gives back what is held; a repeat does nothing. */
  close(): Promise<void>;
}

/**
 * Streams stored candles out.
 *
 * @throws `not_found` for a series that is not held, `invalid_input` for a cursor of something else
 */
export interface KlineExporter {
  /** What `open` would give, without holding anything. */
  describe(query: ExportQuery): Promise<readonly SeriesHead[]>;
  /** @throws `busy` when too many exports are running */
  open(query: ExportQuery): Promise<OpenExport>;
}

/** A stretch without candles, `[from, to)`. */
export interface Gap extends TimeRange {
  readonly symbol: string;
  readonly interval: Interval;
  /** Whole candles. */
  readonly missing: number;
  readonly class: GapClass;
  readonly evidence: GapEvidence | undefined;
  readonly checkedAt: EpochMs | undefined;
}

/** What is known about holes. The store finds them on every write; `scan` finds what others make. */
export interface GapLedger {
  /**
   * Compares the ledger with every stored row of the series, unless that was done within a day and
   * nothing but `KlineStore.write` has changed the series since.
   */
  scan(series: Series): Promise<void>;
  /** Ascending. */
  list(filter: { symbol?: string; interval?: Interval; class?: GapClass }): Promise<Gap[]>;
  /** Says why the hole that is exactly `[from, to)` is there; one that is gone meanwhile is left alone. */
  classify(series: Series, range: TimeRange, reason: GapReason): Promise<void>;
  /** How many other symbols were traded before and after the stretch, and how many miss most of it. */
  countOthers(series: Series, range: TimeRange): Promise<{ others: number; othersMissing: number }>;
  /**
   * Records that there is nothing outside of the stored rows: before the first one (`not_listed`) or
   * after the last one (`delisted`). `undefined` takes the record back.
   */
  setEdge(
    series: Series,
    edge: "not_listed" | "delisted",
    range: TimeRange | undefined,
    evidence?: GapEvidence,
  ): Promise<void>;
}

export interface GapReason {
  readonly class: GapClass;
  readonly evidence: GapEvidence;
}

/**
 * How a run ended: all of it done; partial, some series failed; failed; stopped, by a signal or at
 * the end of its time; skipped, another instance was at it.
 */
export type RunOutcome = "done" | "partial" | "failed" | "stopped" | "skipped";

/** What a run did, in candles, requests and request weight. */
export interface RunResult extends WriteCount {
  readonly outcome: RunOutcome;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly simulated: string | undefined;
  readonly error: string | undefined;
}

/** Where candles come from, the most reliable first: the API, daily and monthly archive files, a file. */
export type CandleOrigin = "rest" | "daily" | "monthly" | "file";

/** History of jobs. Candles name the run that wrote them. */
export interface RunLedger {
  /** `source` is `undefined` for a job that brings no candles. */
  start(job: string, source: CandleOrigin | undefined): Promise<number>;
  finish(runId: number, result: RunResult): Promise<void>;
  /** Records a file of the archive that could not be trusted or had. */
  refuse(
    runId: number,
    series: Series,
    file: { readonly name: string; readonly reason: string },
  ): Promise<void>;
  /** Records that a run was left to the instance that is at it; kept for a week. */
  skip(job: string): Promise<void>;
}

/** How much of the wanted history of a series is held. */
export interface SeriesHistory extends Series {
  /** Candles held. */
  readonly rows: number;
  /**
   * Candles still to come, older ones and holes of ours: `rows + remaining` are expected, and
   * `rows / (rows + remaining)` is done. 0: complete. `undefined` while nobody knows yet where the
   * series begins.
   */
  readonly remaining: number | undefined;
}

/** How far the history of all configured series has come. */
export interface HistoryProgress {
  /** Every configured series in configured order, also those not collected yet. */
  readonly series: readonly SeriesHistory[];
  readonly rows: number;
  /** What is still to come, and what it costs. */
  readonly left: BackfillPlan;
  readonly isComplete: boolean;
}

/**
 * Reads the progress of history off the store, so that every instance says the same, at any time,
 * whoever collects. Throws `store_unavailable` when it cannot be reached.
 */
export interface HistoryReader {
  read(): Promise<HistoryProgress>;
}

// --- shared by all instances ---

/** Keeps two instances from running the same job. */
export interface Leases {
  /**
   * Runs `work` if no other instance holds `name`, and returns whether it did. The signal aborts
   * when the lease is lost or `signal` aborts.
   */
  hold(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<boolean>;
}

/** The exchange's word on when requests are welcome again, shared by all instances, kept over restarts. */
export interface BanBoard {
  read(): Promise<Ban | undefined>;
  /** Never shortens a ban. */
  write(ban: Ban): Promise<void>;
}

/** Request weight spent lately by all instances together. */
export interface SpendBoard {
  /** A grant is good until the slot ends in which it was given. */
  readonly slotMs: number;
  /**
   * Takes `weight` out of what any 60 seconds may hold, `limit`; or says when to ask again.
   */
  reserve(
    weight: number,
    limit: number,
    now: EpochMs,
  ): Promise<{ readonly isGranted: boolean; readonly retryAt: EpochMs }>;
  /** Weight reserved in the 60 seconds before `now`. */
  spent(now: EpochMs): Promise<number>;
}

/** What the exchange grants this address, over all instances. */
export interface BudgetState {
  /** Request weight a minute. */
  readonly limit: number;
  /** Spent in the last minute: by the exchange's count or by ours, whichever is higher. */
  readonly used: number;
  /** Set while no request may be sent. */
  readonly ban: Ban | undefined;
}

export interface BudgetReader {
  read(): Promise<BudgetState>;
}

export interface Ban {
  /** No request before then. */
  readonly until: EpochMs;
  /** `"429"`, `"418"`, … */
  readonly reason: string;
}

// --- live ---

/** Follows a series at the exchange. */
export interface LiveSource {
  /**
   * The newest candles of a series, at least the last, each time they may have changed: ascending;
   * the last one still moves, unless its end has passed. Runs until `signal` aborts.
   *
   * @throws what a `KlineSource` throws; watching again goes on
   */
  watch(series: Series, signal: AbortSignal): AsyncIterable<readonly Kline[]>;
}

/** What is known of the present of a series. */
export interface LiveState {
  /** The newest candles as the exchange showed them last; the last one moves. */
  readonly rows: readonly KlineRowText[];
  /** Open time of the newest stored candle. */
  readonly closedTo: EpochMs;
  /** When they were seen, by our clock. */
  readonly seenAt: EpochMs;
}

/** The present of each watched series, shared by all instances; gone soon after nobody watches. */
export interface LiveBoard {
  write(series: Series, state: LiveState): Promise<void>;
  /** Calls `onState` with every state that any instance writes, until `signal` aborts. */
  watch(series: Series, signal: AbortSignal, onState: (state: LiveState) => void): void;
}

// --- market capitalisation ---

/** One coin of the pie. Decimals as text. */
export interface MarketCap {
  /** CoinGecko's id, such as `bitcoin`: tickers are not unique. */
  readonly coin: string;
  /** Ticker in upper case. */
  readonly symbol: string;
  readonly price: Decimal;
  readonly circulatingSupply: Decimal;
  readonly marketCap: Decimal;
  /** The provider; `derived` when computed as last known supply × last stored close. */
  readonly source: string;
  readonly takenAt: EpochMs;
}

/** A provider of market caps. Throws `exchange_unavailable`, `rate_limited` or `bad_payload`. */
export interface MarketCapSource {
  /** `"coingecko"` */
  readonly name: string;
  /** In no particular order; a coin of which the provider knows no supply or price is left out. */
  fetch(coins: readonly Coin[], signal: AbortSignal): Promise<MarketCap[]>;
}

/** A coin under the names that the outside world has for it. */
export interface Coin {
  /** CoinGecko's id: `bitcoin`. */
  readonly id: string;
  /** Ticker on Binance: `BTC`. */
  readonly ticker: string;
  /** CoinMarketCap's number. */
  readonly coinMarketCapId: number;
}

/** Snapshots of market caps. */
export interface MarketCapStore {
  save(caps: readonly MarketCap[]): Promise<void>;
  /** The newest of each coin. */
  newest(coins: readonly Coin[]): Promise<MarketCap[]>;
  /**
   * The newest supply of each coin times the newest close of its USDT market, taken now; coins that
   * lack either are left out.
   */
  derive(coins: readonly Coin[], now: EpochMs): Promise<MarketCap[]>;
}

/** The last supply that a provider gave of a coin. */
export interface CoinSupply {
  readonly coin: string;
  readonly supply: Decimal;
  /** The provider. */
  readonly source: string;
  readonly takenAt: EpochMs;
}

/** A coin's market cap at several times, as floats; gaps where nothing was known. */
export interface CapSeries {
  readonly coin: string;
  readonly symbol: string;
  /** In USD, one for each time asked for. */
  readonly caps: readonly (number | undefined)[];
  /** Before this time caps are the coin's first known supply × stored closes. */
  readonly recordedFrom: EpochMs | undefined;
}

/** What market caps were, and what they rest on. */
export interface MarketCapHistory {
  supplies(coins: readonly Coin[]): Promise<CoinSupply[]>;
  /** When the first snapshot was taken, and when the first candle of any coin opened. */
  begin(coins: readonly Coin[]): Promise<{
    readonly firstSnapshot: EpochMs | undefined;
    readonly firstClose: EpochMs | undefined;
  }>;
  /**
   * At each of `times`: the newest snapshot that is at most `toleranceMs` older, else, before the
   * coin's first snapshot, its first known supply × the newest close that is not older either.
   */
  at(
    coins: readonly Coin[],
    times: readonly EpochMs[],
    toleranceMs: number,
  ): Promise<CapSeries[]>;
}

// --- for those who look after it ---

/** A line of the run history. */
export interface Run extends WriteCount {
  readonly runId: number;
  readonly job: string;
  /** `undefined` for a job that brings no candles. */
  readonly source: CandleOrigin | undefined;
  readonly startedAt: EpochMs;
  /** `undefined`: still running, or its process was killed. */
  readonly finishedAt: EpochMs | undefined;
  /** `undefined` as long as `finishedAt` is. */
  readonly outcome: RunOutcome | undefined;
  readonly fetched: number;
  readonly requests: number;
  readonly weight: number;
  readonly error: string | undefined;
}

/** Who wrote the newest candle of a series, and how long after it had closed. */
export interface SeriesActivity extends Series {
  readonly storedAt: EpochMs;
  readonly runId: number;
  readonly job: string;
  /** From a candle's end to its being stored: the newest one, and 95 % of the recent ones. */
  readonly lagMs: number;
  readonly lagP95Ms: number | undefined;
}

/** Holes of one class in a series. */
export interface HoleCount extends Series {
  readonly class: GapClass;
  readonly ranges: number;
  /** Whole candles. */
  readonly missing: number;
}

/** What is absent from one of several equal parts of a stretch of time. */
export interface AbsentPart extends Series {
  readonly class: GapClass;
  /** From 0 on. */
  readonly part: number;
  readonly absentMs: number;
}

export interface GapFilter {
  readonly symbol?: string | undefined;
  readonly interval?: Interval | undefined;
  readonly class?: GapClass | undefined;
}

/** A candle of which two versions are known. */
export interface KlineVersions extends Series {
  readonly openTime: EpochMs;
  /** When the newer version came, or the other source was read. */
  readonly at: EpochMs;
  readonly runId: number;
  readonly job: string;
  readonly source: CandleOrigin;
  /** Columns that differ, digits as they are stored. */
  readonly changes: readonly {
    readonly column: KlineColumn;
    readonly old: string;
    readonly new: string;
  }[];
}

/** A file of the exchange's archive that could not be trusted or had; the API was asked instead. */
export interface RefusedFile extends Series {
  readonly name: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly runId: number;
}

/** How often sources contradict what is stored of a series, or could not be believed. */
export interface SeriesDisputes extends Series {
  /** Candles that a less reliable source has otherwise. */
  readonly conflicts: number;
  readonly refusedFiles: number;
}

/** The newest of many, and how many there are. */
export interface Newest<Item> {
  readonly total: number;
  readonly items: readonly Item[];
}

/** Sizes in bytes, indexes and all. */
export interface DatabaseSize {
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly bytes: number;
  readonly tables: readonly {
    /** Of candles, by interval. */
    readonly interval: Interval | undefined;
    readonly name: string;
    readonly bytes: number;
  }[];
}

/** What the status page tells. Every method throws `store_unavailable` when it cannot be reached. */
export interface StatusReader {
  /** Of every series that has a candle. */
  activity(): Promise<SeriesActivity[]>;
  holes(): Promise<HoleCount[]>;
  /** What is absent from each of `parts` equal parts of the range. */
  absence(range: TimeRange, parts: number): Promise<AbsentPart[]>;
  /** Newest first. */
  gaps(filter: GapFilter, page: { limit: number; offset: number }): Promise<Newest<Gap>>;
  /** Newest first; `before` a run's id: older ones. */
  runs(page: { limit: number; before?: number | undefined }): Promise<Run[]>;
  /** Candles that the exchange restated. */
  revisions(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Candles that a less reliable source has otherwise; `old` is what is stored. */
  conflicts(page: { limit: number; offset: number }): Promise<Newest<KlineVersions>>;
  /** Newest first. */
  refusals(page: { limit: number; offset: number }): Promise<Newest<RefusedFile>>;
  /** Of series that have any, in no particular order. */
  disputes(): Promise<SeriesDisputes[]>;
  size(): Promise<DatabaseSize>;
}

/** A host of the exchange. */
export interface HostState {
  readonly origin: string;
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
  /** Others are asked until then. */
  readonly restsUntil: EpochMs | undefined;
}

/** The machine that wick runs on. */
export interface MachineState {
  /** Where the embedded database and KV are kept. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
  readonly kv:
    | { readonly keys: number; readonly bytes: number | undefined }
    | { readonly error: string };
  readonly runtime: string;
}

// --- for those who watch wick ---

/** Something that is counted or timed. */
export type TelemetryEvent =
  | {
    readonly kind: "request";
    readonly method: string;
    /** The route's pattern, never the path that was asked for. */
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }
  | {
    readonly kind: "query";
    readonly server: "primary" | "replica";
    readonly outcome: "ok" | "failed";
    readonly seconds: number;
  }
  | { readonly kind: "exchange request"; readonly outcome: "ok" | ErrorCode | "aborted" }
  | { readonly kind: "exchange weight"; readonly weight: number }
  | {
    readonly kind: "run";
    readonly job: string;
    readonly outcome: RunOutcome;
    /** Absent for one that was skipped. */
    readonly seconds?: number;
  }
  | {
    readonly kind: "export";
    readonly format: ExportFormat;
    readonly outcome: "begun" | "busy" | "failed";
    readonly rows: number;
  };

/** Takes note of what happens; never throws, never waits. */
export interface Telemetry {
  record(event: TelemetryEvent): void;
}

/** Whether a series is stale, as of now. */
export interface SeriesFreshness extends Series {
  readonly lastOpenTime: EpochMs;
  readonly isStale: boolean;
}

/** A change to be told. */
export interface FreshnessAlert extends Series {
  /** The same at every attempt, so that a receiver can tell a repeat. */
  readonly alertId: number;
  readonly event: "stale" | "recovered";
  readonly lastOpenTime: EpochMs;
  readonly raisedAt: EpochMs;
  /** Whoever claimed the alert has it to itself until then. */
  readonly nextAttemptAt: EpochMs;
}

/** Changes of freshness, each raised once over all instances and kept until it is delivered. */
export interface FreshnessAlerts {
  raise(states: readonly SeriesFreshness[], now: EpochMs): Promise<void>;
  /** Those that are due, oldest first; nobody else gets them before `nextAttemptAt`. */
  claim(now: EpochMs): Promise<FreshnessAlert[]>;
  /** Records a delivery, or with `error` why it failed. */
  settle(alertId: number, now: EpochMs, error: string | undefined): Promise<void>;
}

/** Tells of an alert; rejects unless the receiver has taken it. */
export type AlertSender = (alert: FreshnessAlert, signal: AbortSignal) => Promise<void>;

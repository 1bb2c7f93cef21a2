import { describeError } from "../../lib/core/errors.ts";
import type { Interval } from "../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../lib/core/time.ts";
import { type Incoming, jsonAnswer } from "./answer.ts";
import { SimulatedClock } from "./clock.ts";
import { answerControl, CONTROL_PREFIX } from "./control.ts";
import { WeightMeter } from "./exchange/weight_meter.ts";
import { Faults } from "./faults/faults.ts";
import { KlineStreams } from "./kline_streams.ts";
import { type GapRequest, MarketData, type RevisionRequest } from "./market_data.ts";
import { type KlineRow, parseRow } from "./market/kline_row.ts";
import { RequestHandler } from "./request_handler.ts";
import { RequestLog } from "./request_log.ts";
import type { PlantedSymbol } from "./seeded/catalogue.ts";
import { OUTAGES } from "./seeded/outages.ts";
import { type Delivery, SimulatorServer } from "./server.ts";

/** All options have defaults: `startSimulator()` is a running exchange on a free port. */
export interface SimulatorOptions {
  /** 0 (the default): any free port. */
  readonly port?: number;
  /** Files and folders of saved candles, served instead of generated ones. */
  readonly csv?: readonly string[];
  /** Start time of the clock; real time by default. */
  readonly now?: EpochMs;
  /** True if the clock is frozen. */
  readonly frozen?: boolean;
  /** The symbols to list; names that the catalogue lacks are invented. */
  readonly symbols?: readonly string[];
  /** No candles before this time. */
  readonly since?: EpochMs;
  /** `false`: candles without gaps. */
  readonly outages?: boolean;
  /** Candles that cost little to compute, for thousands of symbols. */
  readonly plain?: boolean;
  /** Request weight per minute and IP address, 6000 by default. */
  readonly weightLimit?: number;
  /** Clock of minutes and bans; real time by default. */
  readonly weightClock?: "wall" | "simulated";
  /** Memory for computed candles, 256 MiB by default. */
  readonly cacheBytes?: number;
}

const HOST = "127.0.0.1";
/** The same digits everywhere. */
const SEED = 42;
const WEIGHT_LIMIT = 6_000;
const CACHE_BYTES = 256 * 1024 * 1024;

/**
 * Starts a simulator in this process.
 *
 * @throws {AppError} `invalid_input` for files that cannot be replayed
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = new Simulator(options);
  await simulator.up();
  return simulator;
}

/** An exchange, market-cap providers and an archive on one local port. */
export class Simulator implements AsyncDisposable {
  /** Sent with every response, in the header `x-wick-simulator`. */
  readonly label: string;
  readonly clock: SimulatedClock;
  readonly faults = new Faults();
  readonly requests = new RequestLog();
  readonly weights: WeightMeter;
  /** Kline streams at `ws://` and the port of `url`. */
  readonly streams: KlineStreams;
  readonly #data: MarketData;
  readonly #handler: RequestHandler;
  readonly #server: SimulatorServer;
  #isClosed = false;

  constructor(options: SimulatorOptions) {
    this.label = options.csv === undefined ? `seed ${SEED}` : "replay";
    this.clock = new SimulatedClock(options.now, options.frozen);
    const weightNow = options.weightClock === "simulated" ? () => this.clock.now() : Date.now;
    const weightLimit = options.weightLimit ?? WEIGHT_LIMIT;
    this.weights = new WeightMeter({ limit: weightLimit, now: weightNow });
    this.#data = new MarketData({
      seed: SEED,
      outages: options.outages === false ? [] : OUTAGES,
      since: options.since ?? 0,
      plain: options.plain ?? false,
      csv: options.csv,
      symbols: options.symbols,
      cacheBytes: options.cacheBytes ?? CACHE_BYTES,
    }, this.clock);
    const { listings, reader } = this.#data;
    this.#handler = new RequestHandler({
      clock: this.clock,
      exchange: { listings, reader, weightLimit },
      weights: this.weights,
      weightNow,
      faults: this.faults,
      requests: this.requests,
    });
    this.streams = new KlineStreams(
      (symbol, interval) => this.#handler.newest(symbol, interval),
      () => this.clock.now(),
    );
    this.#server = new SimulatorServer({
      streams: this.streams,
      hostname: HOST,
      port: options.port ?? 0,
      handle: (request) => this.#handle(request),
    });
  }

  /** An origin for BINANCE_URLS, COINGECKO_URL and COINMARKETCAP_URL. */
  get url(): string {
    return `http://${HOST}:${this.#server.port}`;
  }

  /**
   * The closed candles that the exchange serves now, ascending, each once; `range` by open time.
   */
  candles(symbol: string, interval: Interval, range?: Partial<TimeRange>): KlineRow[] {
    return this.#data.rows(symbol, interval, range).map((row) => parseRow(row.text)).toArray();
  }

  /** @throws {RangeError} when there is no such closed candle */
  revise(request: RevisionRequest): void {
    this.#data.revise(request);
  }

  /** Makes a gap: these candles are missing until `unhide`. */
  hide(request: GapRequest): void {
    this.#data.hide(request);
  }

  unhide(request: GapRequest): void {
    this.#data.unhide(request);
  }

  /** From now on the symbol has no candles, and the status BREAK. */
  stopSymbol(symbol: string): void {
    this.#data.stopSymbol(symbol);
  }

  /** Undoes `stopSymbol`; the candles of the time between are there, too. */
  resumeSymbol(symbol: string): void {
    this.#data.resumeSymbol(symbol);
  }

  /** Adds a symbol, or replaces one: listings, delistings and renames of a test. */
  plant(symbol: PlantedSymbol): void {
    this.#data.plant(symbol);
  }

  /** From now on the exchange does not know the symbol; its archive keeps the files. */
  removeSymbol(symbol: string): void {
    this.#data.removeSymbol(symbol);
  }

  /** Closes all connections and refuses new ones until `up`. */
  async down(): Promise<void> {
    await this.#server.down();
  }

  /** Listens again on the same port. */
  async up(): Promise<void> {
    if (this.#isClosed) throw new TypeError("Cannot start simulator: it has been closed");
    await this.#server.up();
  }

  /** Stops it for good; a second call does nothing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.down();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #handle(request: Incoming): Promise<Delivery> {
    const delivery = await this.#answer(request);
    const headers = { ...delivery.answer.headers, "x-wick-simulator": this.label };
    return { ...delivery, answer: { ...delivery.answer, headers } };
  }

  async #answer(request: Incoming): Promise<Delivery> {
    try {
      if (!request.path.startsWith(CONTROL_PREFIX)) return this.#handler.serve(request);
      const { clock, faults, requests, weights, streams } = this;
      const parts = { clock, faults, requests, weights, streams, data: this.#data };
      const answer = await answerControl(parts, request);
      return { answer, how: "whole", delayMs: 0 };
    } catch (error) {
      const answer = jsonAnswer({ simulatorError: describeError(error) }, 500);
      return { answer, how: "whole", delayMs: 0 };
    }
  }
}

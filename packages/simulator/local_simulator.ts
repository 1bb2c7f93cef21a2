import { describeError } from "../../lib/core/errors.ts";
import type { Interval } from "../../lib/core/interval.ts";
import type { EpochMs, TimeRange } from "../../lib/core/time.ts";
import { type Incoming, jsonAnswer } from "./answer.ts";
import { SimulatedClock } from "./clock.ts";
import { answerControl, CONTROL_PREFIX } from "./control.ts";
import { Desk } from "./desk.ts";
import { WeightMeter } from "./exchange/weight_meter.ts";
import { Faults } from "./faults/faults.ts";
import { type KlineRow, parseRow } from "./market/kline_row.ts";
import type { SymbolStatus } from "./market/listings.ts";
import { RequestLog } from "./request_log.ts";
import type { NewSymbol } from "./seeded/new_symbol.ts";
import { type Outage, OUTAGES } from "./seeded/outages.ts";
import { type Delivery, SimulatorServer } from "./server.ts";
import type { Simulator, SimulatorOptions } from "./surface.ts";
import { KlineStreams } from "./streams/kline_streams.ts";
import { type GapRequest, type RevisionRequest, type SymbolState, World } from "./world.ts";

const DEFAULTS = {
  seed: 42,
  weightLimit: 6_000,
  banAfter: 20,
  cacheBytes: 256 * 1024 * 1024,
  logLimit: 50_000,
};

/** The parts of a simulator, put together. */
export class LocalSimulator implements Simulator {
  readonly label: string;
  readonly clock: SimulatedClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly weights: WeightMeter;
  readonly streams: KlineStreams;
  readonly #world: World;
  readonly #desk: Desk;
  readonly #server: SimulatorServer;
  #upAgain: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: SimulatorOptions) {
    const { seed, weightLimit, banAfter, cacheBytes, logLimit } = { ...DEFAULTS, ...options };
    this.label = options.csv === undefined ? `seed ${seed}` : "replay";
    this.clock = new SimulatedClock(options.now, options.frozen);
    const now = () => this.clock.now();
    const weightNow = options.weightClock === "simulated" ? now : Date.now;
    this.faults = new Faults(now, seed);
    this.requests = new RequestLog(logLimit);
    this.weights = new WeightMeter({ limit: weightLimit, banAfter, now: weightNow });
    this.#world = new World({
      seed,
      outages: outagesOf(options.outages),
      since: options.since ?? 0,
      cacheBytes,
      ...options.csv !== undefined && { csv: options.csv },
      ...options.symbols !== undefined && { symbols: options.symbols },
    }, this.clock);
    const { listings, reader } = this.#world;
    this.#desk = new Desk({
      clock: this.clock,
      exchange: { listings, reader, weightLimit },
      weights: this.weights,
      weightNow,
      faults: this.faults,
      requests: this.requests,
    });
    this.streams = new KlineStreams((symbol, interval) => this.#desk.newest(symbol, interval));
    this.#server = new SimulatorServer({
      streams: this.streams,
      hostname: options.hostname ?? "127.0.0.1",
      port: options.port ?? 0,
      handle: (request) => this.#handle(request),
    });
  }

  get url(): string {
    return `http://${this.#server.hostname}:${this.#server.port}`;
  }

  get cachedBytes(): number {
    return this.#world.reader.cachedBytes;
  }

  symbols = (): SymbolState[] => this.#world.symbols();

  candles(symbol: string, interval: Interval, range?: Partial<TimeRange>): KlineRow[] {
    return this.#world.rows(symbol, interval, range).map((row) => parseRow(row.text)).toArray();
  }

  revise = (request: RevisionRequest): void => this.#world.revise(request);
  hide = (request: GapRequest): void => this.#world.hide(request);
  unhide = (request: GapRequest): void => this.#world.unhide(request);
  addSymbol = (symbol: NewSymbol): void => this.#world.addSymbol(symbol);
  stopSymbol(symbol: string, at?: EpochMs, status?: SymbolStatus): void {
    this.#world.stopSymbol(symbol, at, status);
  }
  resumeSymbol = (symbol: string): void => this.#world.resumeSymbol(symbol);

  async down(forMs?: number): Promise<void> {
    clearTimeout(this.#upAgain);
    await this.#server.down();
    if (forMs !== undefined) this.#upAgain = setTimeout(() => this.up(), forMs);
  }

  async up(): Promise<void> {
    clearTimeout(this.#upAgain);
    if (this.#isClosed) throw new TypeError("Cannot start simulator: it has been closed");
    await this.#server.up();
  }

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
      if (!request.path.startsWith(CONTROL_PREFIX)) return this.#desk.serve(request);
      const answer = await answerControl(this, this.#world, request);
      return { answer, how: "whole", delayMs: 0 };
    } catch (error) {
      const answer = jsonAnswer({ simulatorError: describeError(error) }, 500);
      return { answer, how: "whole", delayMs: 0 };
    }
  }
}

function outagesOf(choice: SimulatorOptions["outages"] = true): readonly Outage[] {
  if (choice === true) return OUTAGES;
  return choice === false ? [] : choice;
}

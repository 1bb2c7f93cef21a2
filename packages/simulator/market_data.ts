import { AppError } from "../../lib/core/errors.ts";
import type { Interval } from "../../lib/core/interval.ts";
import { type EpochMs, MAX_TIME, type TimeRange } from "../../lib/core/time.ts";
import type { SimulatedClock } from "./clock.ts";
import { closedRows } from "./market/batch.ts";
import type { CandleRow } from "./market/candle_block.ts";
import { Edits } from "./market/edits.ts";
import type { KlineChange } from "./market/kline_row.ts";
import { type Listing, Listings } from "./market/listings.ts";
import { CandleReader } from "./market/reader.ts";
import { loadMarkets } from "./replay/load.ts";
import { CATALOGUE, plantedSpec, type PlantedSymbol, specOf } from "./seeded/catalogue.ts";
import { SeededMarket, type SeededOptions } from "./seeded/seeded_market.ts";

/** A closed candle that the exchange sends with other values from now on. */
export interface RevisionRequest {
  readonly symbol: string;
  readonly interval: Interval;
  readonly openTime: EpochMs;
  readonly change: KlineChange;
}

/** Candles of a symbol that open in `[from, to)`, of one interval or of all. */
export interface GapRequest extends TimeRange {
  readonly symbol: string;
  readonly interval?: Interval;
}

export interface MarketDataOptions extends SeededOptions {
  /** Absent: generated candles. */
  readonly csv: readonly string[] | undefined;
  /** Absent: all of the catalogue or of the files. */
  readonly symbols: readonly string[] | undefined;
  readonly cacheBytes: number;
}

/** The exchange's symbols and candles, with gaps, revisions and stops. */
export class MarketData {
  readonly listings = new Listings();
  readonly reader: CandleReader;
  readonly #edits = new Edits();
  readonly #clock: SimulatedClock;
  readonly #options: SeededOptions;

  /** @throws {AppError} `invalid_input` for files that cannot be replayed */
  constructor(options: MarketDataOptions, clock: SimulatedClock) {
    const { csv, symbols, since, cacheBytes } = options;
    this.#clock = clock;
    this.#options = options;
    this.reader = new CandleReader(this.#edits, cacheBytes);
    const markets = csv === undefined
      ? (symbols?.map(specOf) ?? CATALOGUE).map((spec) => new SeededMarket(spec, options))
      : loadMarkets(csv, since).filter(({ symbol }) => symbols?.includes(symbol) ?? true);
    for (const market of markets) this.listings.add(market);
  }

  /**
   * The closed candles that the exchange serves now, ascending, each once; `range` by open time.
   */
  *rows(
    symbol: string,
    interval: Interval,
    range: Partial<TimeRange> = {},
  ): Generator<CandleRow> {
    const listing = this.#find(symbol);
    const series = this.reader.series(listing.market, interval);
    const { from = 0, to = MAX_TIME } = range;
    const now = this.#clock.now();
    const time = listing.time(now);
    yield* closedRows(series, { from, to }, time);
    // The candle during which trading stopped stays as it was, and closes when it would have.
    const last = time < now ? series.openCandle(time) : undefined;
    if (last !== undefined && last.end <= now && last.open >= from && last.open < to) yield last;
  }

  /** @throws {RangeError} when there is no such closed candle */
  revise({ symbol, interval, openTime, change }: RevisionRequest): void {
    const [row] = this.rows(symbol, interval, { from: openTime, to: openTime + 1 });
    if (row === undefined) {
      throw new RangeError(`Cannot revise candle: ${symbol} ${interval} has none at ${openTime}`);
    }
    this.#edits.for(symbol).revise({ interval, openTime, change });
  }

  hide({ symbol, interval, from, to }: GapRequest): void {
    this.#find(symbol);
    this.#edits.for(symbol).hide({ from, to }, interval);
  }

  /** Undoes `hide` in the range; with an interval, only for that interval. */
  unhide({ symbol, interval, from, to }: GapRequest): void {
    this.#find(symbol);
    this.#edits.for(symbol).unhide({ from, to }, interval);
  }

  /** From now on the symbol has no candles, and the status BREAK. */
  stopSymbol(symbol: string): void {
    this.#find(symbol).stop(this.#clock.now());
  }

  /** Undoes `stopSymbol`; the candles of the time between are there, too. */
  resumeSymbol(symbol: string): void {
    this.#find(symbol).resume();
  }

  /** Adds a symbol, or replaces one, with generated candles. */
  plant(symbol: PlantedSymbol): void {
    this.listings.add(new SeededMarket(plantedSpec(symbol), this.#options));
  }

  /** From now on only the archive knows the symbol. */
  removeSymbol(symbol: string): void {
    const listing = this.#find(symbol);
    listing.stop(this.#clock.now());
    listing.remove();
  }

  #find(symbol: string): Listing {
    const listing = this.listings.find(symbol, this.#clock.now());
    if (listing === undefined) {
      throw new AppError("not_found", `Cannot find symbol: ${symbol}`);
    }
    return listing;
  }
}

import { AppError } from "../../lib/core/errors.ts";
import type { Interval } from "../../lib/core/interval.ts";
import { type EpochMs, MAX_TIME, type TimeRange } from "../../lib/core/time.ts";
import type { SimulatedClock } from "./clock.ts";
import type { CandleRow } from "./market/candle_block.ts";
import { closedRows } from "./market/closed_rows.ts";
import { Edits } from "./market/edits.ts";
import type { KlineChange } from "./market/kline_row.ts";
import { type Listing, Listings, type SymbolStatus } from "./market/listings.ts";
import { CandleReader } from "./market/reader.ts";
import { reviseAcross, reviseRow } from "./market/revision.ts";
import { loadMarkets } from "./replay/load.ts";
import { CATALOGUE } from "./seeded/catalogue.ts";
import { type NewSymbol, toSpec } from "./seeded/new_symbol.ts";
import { SeededMarket, type SeededOptions } from "./seeded/seeded_market.ts";

/** A closed candle that is to be served differently from now on. */
export interface RevisionRequest {
  readonly symbol: string;
  readonly interval: Interval;
  readonly openTime: EpochMs;
  /** Decimals as text, as they are to be sent. */
  readonly change: KlineChange;
  /** Whether the candles of all other intervals are to agree; then ranges may only widen. */
  readonly across?: boolean;
}

/** Candles of a symbol that open in `[from, to)`; without an interval those of all intervals. */
export interface GapRequest extends TimeRange {
  readonly symbol: string;
  readonly interval?: Interval;
}

export interface SymbolState {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly status: SymbolStatus;
}

export interface WorldOptions extends SeededOptions {
  /** Absent: generated candles. */
  readonly csv?: readonly string[];
  /** Absent: the whole catalogue, or whatever the files hold. */
  readonly symbols?: readonly string[];
  readonly cacheBytes: number;
}

/** The exchange's symbols and candles, and everything that can be done to them. */
export class World {
  readonly listings = new Listings();
  readonly reader: CandleReader;
  readonly #edits = new Edits();
  readonly #clock: SimulatedClock;
  readonly #seeded: SeededOptions;

  /** @throws {AppError} `invalid_input` for files that cannot be replayed */
  constructor(options: WorldOptions, clock: SimulatedClock) {
    this.#clock = clock;
    this.#seeded = options;
    this.reader = new CandleReader(this.#edits, options.cacheBytes);
    if (options.csv === undefined) this.#listGenerated(options.symbols);
    else this.#listReplayed(options.csv, options);
  }

  #listGenerated(symbols: readonly string[] | undefined): void {
    const specs = symbols?.map((symbol) =>
      CATALOGUE.find((spec) => spec.symbol === symbol) ?? toSpec({ symbol })
    );
    for (const spec of specs ?? CATALOGUE) {
      this.listings.add(new SeededMarket(spec, this.#seeded));
    }
  }

  #listReplayed(paths: readonly string[], { symbols, since }: WorldOptions): void {
    for (const market of loadMarkets(paths, since)) {
      if (symbols?.includes(market.symbol) ?? true) this.listings.add(market);
    }
  }

  /** The symbols listed by now. */
  symbols(): SymbolState[] {
    const now = this.#clock.now();
    return this.listings.list(now).map((listing) => ({
      symbol: listing.market.symbol,
      base: listing.market.base,
      quote: listing.market.quote,
      status: listing.status(now),
    }));
  }

  /** The closed candles that the exchange serves now, ascending, each once; `range` by open time. */
  *rows(
    symbol: string,
    interval: Interval,
    range: Partial<TimeRange> = {},
  ): Generator<CandleRow> {
    const listing = this.#find(symbol);
    const series = this.reader.series(listing.market, { interval, unit: "ms", offsetMs: 0 });
    const { from = 0, to = MAX_TIME } = range;
    const now = this.#clock.now();
    const time = listing.time(now);
    yield* closedRows(series, { from, to }, time);
    // Where trading was stopped the last candle stays as it was; it ends when it would have.
    const last = time < now ? series.moving(time) : undefined;
    if (last !== undefined && last.end <= now && last.open >= from && last.open < to) yield last;
  }

  /** @throws {RangeError} when there is no such closed candle, or other intervals cannot agree */
  revise({ symbol, interval, openTime, change, across = false }: RevisionRequest): void {
    const [row] = this.rows(symbol, interval, { from: openTime, to: openTime + 1 });
    if (row === undefined) {
      throw new RangeError(`Cannot revise candle: ${symbol} ${interval} has none at ${openTime}`);
    }
    const revision = across ? reviseAcross(row, change) : reviseRow(interval, openTime, change);
    this.#edits.for(symbol).revise(revision);
  }

  hide({ symbol, interval, from, to }: GapRequest): void {
    this.#find(symbol);
    this.#edits.for(symbol).hide({ from, to }, interval);
  }

  /** Undoes `hide` in the range; with an interval only what was hidden in that interval. */
  unhide({ symbol, interval, from, to }: GapRequest): void {
    this.#find(symbol);
    this.#edits.for(symbol).unhide({ from, to }, interval);
  }

  /** Lists a generated symbol, also beside replayed ones. */
  addSymbol(wanted: NewSymbol): void {
    if (this.listings.has(wanted.symbol)) {
      throw new RangeError(`Cannot add symbol: ${wanted.symbol} is there already`);
    }
    this.listings.add(new SeededMarket(toSpec(wanted), this.#seeded));
  }

  /** From `at` (now unless given) on the symbol has no candles and the status. */
  stopSymbol(symbol: string, at?: EpochMs, status?: SymbolStatus): void {
    this.#find(symbol).stop(at ?? this.#clock.now(), status);
  }

  /** Takes `stopSymbol` back; the candles in between appear as if nothing had happened. */
  resumeSymbol(symbol: string): void {
    this.#find(symbol).resume();
  }

  #find(symbol: string): Listing {
    const listing = this.listings.find(symbol, this.#clock.now());
    if (listing === undefined) {
      throw new AppError("not_found", `Cannot find symbol: ${symbol}`);
    }
    return listing;
  }
}

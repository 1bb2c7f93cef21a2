import type { EpochMs } from "../../../lib/core/time.ts";
import type { Market } from "./market.ts";

/** What `exchangeInfo` may say of a symbol. */
export const STATUSES = ["TRADING", "END_OF_DAY", "HALT", "BREAK", "CANCEL_ONLY"] as const;

export type SymbolStatus = typeof STATUSES[number];

/** A symbol on the exchange, with what has been done to it since the start. */
export class Listing {
  readonly market: Market;
  #stoppedAt: EpochMs | undefined;
  #stoppedAs: SymbolStatus = "BREAK";

  constructor(market: Market) {
    this.market = market;
  }

  /** From `at` on there are no trades and no candles. */
  stop(at: EpochMs, status: SymbolStatus = "BREAK"): void {
    this.#stoppedAt = at;
    this.#stoppedAs = status;
  }

  /** Takes the stop back, as if trading had never ceased. */
  resume(): void {
    this.#stoppedAt = undefined;
  }

  /** The market's own time: it stands still from the stop on. */
  time(now: EpochMs): EpochMs {
    return Math.min(now, this.#stoppedAt ?? now);
  }

  status(now: EpochMs): SymbolStatus {
    if (this.#stoppedAt !== undefined && now >= this.#stoppedAt) return this.#stoppedAs;
    return this.market.isTrading(now) ? "TRADING" : "BREAK";
  }
}

/** All symbols, in the order in which the exchange lists them. */
export class Listings {
  readonly #bySymbol = new Map<string, Listing>();

  add(market: Market): void {
    this.#bySymbol.set(market.symbol, new Listing(market));
  }

  /** Whether or not it is listed yet. */
  has(symbol: string): boolean {
    return this.#bySymbol.has(symbol);
  }

  find(symbol: string, now: EpochMs): Listing | undefined {
    const listing = this.#bySymbol.get(symbol);
    return listing?.market.isKnown(now) ? listing : undefined;
  }

  list(now: EpochMs): Listing[] {
    return [...this.#bySymbol.values()].filter(({ market }) => market.isKnown(now));
  }
}

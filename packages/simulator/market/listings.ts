import type { EpochMs } from "../../../lib/core/time.ts";
import type { Market } from "./market.ts";

/** A symbol of the exchange; its trading can be stopped, and it can be removed. */
export class Listing {
  readonly market: Market;
  #stoppedAt: EpochMs | undefined;
  #isRemoved = false;

  constructor(market: Market) {
    this.market = market;
  }

  /** From `at` on there are no trades and no candles. */
  stop(at: EpochMs): void {
    this.#stoppedAt = at;
  }

  /** Undoes `stop`, as if trading had continued. */
  resume(): void {
    this.#stoppedAt = undefined;
  }

  /** From now on the exchange does not know the symbol; the archive keeps its files. */
  remove(): void {
    this.#isRemoved = true;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** The market's own time, which ends at the stop. */
  time(now: EpochMs): EpochMs {
    return Math.min(now, this.#stoppedAt ?? now);
  }

  status(now: EpochMs): "TRADING" | "BREAK" {
    const isStopped = this.#stoppedAt !== undefined && now >= this.#stoppedAt;
    return !isStopped && this.market.isTrading(now) ? "TRADING" : "BREAK";
  }
}

/** All symbols, in the order in which the exchange lists them. */
export class Listings {
  readonly #bySymbol = new Map<string, Listing>();

  add(market: Market): void {
    this.#bySymbol.set(market.symbol, new Listing(market));
  }

  find(symbol: string, now: EpochMs): Listing | undefined {
    const listing = this.findArchived(symbol, now);
    return listing?.isRemoved ? undefined : listing;
  }

  list(now: EpochMs): Listing[] {
    return this.listArchived(now).filter(({ isRemoved }) => !isRemoved);
  }

  /** As `find`, with symbols that the exchange has removed. */
  findArchived(symbol: string, now: EpochMs): Listing | undefined {
    const listing = this.#bySymbol.get(symbol);
    return listing?.market.isKnown(now) ? listing : undefined;
  }

  /** As `list`, with symbols that the exchange has removed. */
  listArchived(now: EpochMs): Listing[] {
    return [...this.#bySymbol.values()].filter(({ market }) => market.isKnown(now));
  }
}

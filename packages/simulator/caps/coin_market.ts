import type { EpochMs } from "../../../lib/core/time.ts";
import type { Listings } from "../market/listings.ts";
import { type Coin, COINS } from "./coins.ts";

/**
 * A coin at both providers: the exchange's price, the provider's supply. Numbers, as they send
 * them.
 */
export interface CoinMarket {
  readonly coin: Coin;
  readonly price: number;
  readonly marketCap: number | null;
  /** Rank by market cap, from 1; null without one. */
  readonly rank: number | null;
}

/** Quote assets with which a price is in US dollars. */
const DOLLARS = ["USDT", "USDC", "FDUSD"] as const;

/** The coins that have a price at `now`, largest market cap first. */
export function coinMarkets(listings: Listings, now: EpochMs): CoinMarket[] {
  const markets = COINS.flatMap((coin) => {
    const price = priceOf(coin, listings, now);
    if (price === undefined) return [];
    return {
      coin,
      price,
      marketCap: coin.supply === null ? null : Math.round(price * coin.supply),
    };
  }).sort((a, b) => (b.marketCap ?? -1) - (a.marketCap ?? -1));
  return markets.map((market, i) => ({
    ...market,
    rank: market.marketCap === null ? null : i + 1,
  }));
}

function priceOf(coin: Coin, listings: Listings, now: EpochMs): number | undefined {
  const listing = DOLLARS.map((quote) => listings.find(coin.base + quote, now)).find(Boolean);
  if (listing === undefined) return coin.price;
  const price = listing.market.lastPrice(listing.time(now));
  return price === undefined ? undefined : Number(price);
}

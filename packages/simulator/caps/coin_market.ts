import { DAY_MS, type EpochMs, HOUR_MS } from "../../../lib/core/time.ts";
import type { Listing, Listings } from "../market/listings.ts";
import { type Coin, COINS } from "./coins.ts";

/** A coin as both providers see it: the exchange's price, their own supply. Numbers, as they send. */
export interface CoinMarket {
  readonly coin: Coin;
  readonly price: number;
  readonly high: number;
  readonly low: number;
  /** In USD, over 24 hours. */
  readonly volume: number;
  readonly marketCap: number | null;
  /** Place by market cap, from 1; null without one. */
  readonly rank: number | null;
  /** Percentage by which the price has changed in the last `ms`. */
  changeSince(ms: number): number;
}

export const SPANS = {
  "1h": HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "14d": 14 * DAY_MS,
  "30d": 30 * DAY_MS,
  "60d": 60 * DAY_MS,
  "90d": 90 * DAY_MS,
  "200d": 200 * DAY_MS,
  "1y": 365 * DAY_MS,
} as const;

/** Quotes in which a price is one in US dollars. */
const DOLLARS = ["USDT", "USDC", "FDUSD"] as const;

/** The coins whose price in dollars the exchange knows at `now`, and those traded elsewhere, largest first. */
export function coinMarkets(listings: Listings, now: EpochMs): CoinMarket[] {
  const markets = COINS.flatMap((coin) => {
    const listing = DOLLARS.map((quote) => listings.find(coin.base + quote, now)).find(Boolean);
    if (listing !== undefined) return toCoinMarket(coin, listing, now) ?? [];
    return coin.price === undefined ? [] : toForeignMarket(coin, coin.price);
  }).sort((a, b) => (b.marketCap ?? -1) - (a.marketCap ?? -1));
  return markets.map((market, i) => ({
    ...market,
    rank: market.marketCap === null ? null : i + 1,
  }));
}

function toCoinMarket(coin: Coin, listing: Listing, now: EpochMs): CoinMarket | undefined {
  const time = listing.time(now);
  const last = listing.market.lastPrice(time);
  if (last === undefined) return undefined;
  const price = Number(last);
  const day = listing.market.trading({ from: time - DAY_MS, to: time });
  return {
    coin,
    price,
    high: day === undefined ? price : Number(day.high),
    low: day === undefined ? price : Number(day.low),
    volume: Math.round(Number(day?.quoteVolume ?? 0)),
    marketCap: coin.circulating === null ? null : Math.round(price * coin.circulating),
    rank: null,
    changeSince(ms) {
      const before = Number(listing.market.lastPrice(time - ms) ?? last);
      return round((price - before) / before * 100, 5);
    },
  };
}

function toForeignMarket(coin: Coin, price: number): CoinMarket {
  return {
    coin,
    price,
    high: price,
    low: price,
    volume: 0,
    rank: null,
    marketCap: coin.circulating === null ? null : Math.round(price * coin.circulating),
    changeSince: () => 0,
  };
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

import type { EpochMs } from "../core/time.ts";
import { IN_DOLLARS, type QuoteRate } from "./quote_rate.ts";
import type { MarketCap } from "../ports/market_caps.ts";

/** A coin as in `/api/market-caps` and the pie: floats, times in epoch ms. */
export interface CapRow {
  readonly coin: string;
  readonly symbol: string;
  readonly price: number;
  readonly circulating_supply: number;
  readonly market_cap: number;
  /** Change of the price in US dollars over 24 hours, as a fraction; `null` where unknown. */
  readonly change_24h: number | null;
  /** The provider, or `derived`: last known supply × last stored close. */
  readonly source: string;
  readonly taken_at: EpochMs;
  readonly age_ms: number;
}

/** Largest first; `changes` are by coin. */
export function toCapRows(
  caps: readonly MarketCap[],
  { changes, now, rate = IN_DOLLARS }: {
    readonly changes: ReadonlyMap<string, number>;
    readonly now: EpochMs;
    /** The asset in which price and market cap are given. */
    readonly rate?: QuoteRate;
  },
): CapRow[] {
  return caps.map((cap) => ({
    coin: cap.coin,
    symbol: cap.symbol,
    price: Number(cap.price) / rate.usd,
    circulating_supply: Number(cap.circulatingSupply),
    market_cap: Number(cap.marketCap) / rate.usd,
    change_24h: changes.get(cap.coin) ?? null,
    source: cap.source,
    taken_at: cap.takenAt,
    age_ms: Math.max(0, now - cap.takenAt),
  })).sort((a, b) => b.market_cap - a.market_cap);
}

import type { Decimal } from "../core/decimal.ts";
import type { EpochMs } from "../core/time.ts";

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

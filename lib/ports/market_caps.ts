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
  /** Unordered, without coins whose supply or price the provider does not know. */
  fetch(coins: readonly Coin[], signal: AbortSignal): Promise<MarketCap[]>;
  /** Exchange rates of currencies, at least of those of `assets` that the provider knows. */
  rates(assets: readonly string[], signal: AbortSignal): Promise<UsdRate[]>;
  /** Every coin that the provider lists with one of the tickers, unordered. */
  lookUp(tickers: readonly string[], signal: AbortSignal): Promise<CoinCandidate[]>;
}

/** A provider's exchange rate of a currency. */
export interface UsdRate {
  /** `EUR` */
  readonly asset: string;
  /** US dollars for one unit. */
  readonly usd: number;
  /** The provider. */
  readonly source: string;
  readonly takenAt: EpochMs;
}

/** A coin with a given ticker at a provider; several may share a ticker. */
export interface CoinCandidate {
  /** In upper case. */
  readonly ticker: string;
  /** CoinGecko's id, or CoinMarketCap's slug. */
  readonly id: string;
  readonly name: string;
  /** By market cap, from 1 on; `undefined` without one. */
  readonly rank: number | undefined;
  readonly coinMarketCapId: number | undefined;
}

/** The result of a lookup. */
export interface KnownCoin {
  /** Base asset on Binance. */
  readonly ticker: string;
  /** `undefined`: the provider does not list the coin. */
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly coinMarketCapId: number | undefined;
  readonly rank: number | undefined;
  /** Coins that share the ticker, this one included. */
  readonly candidates: number;
  readonly multiplier: number;
  readonly provider: string;
  readonly checkedAt: EpochMs;
}

/** Base and quote asset of a symbol, from exchangeInfo. */
export interface SymbolAssets {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** Open time of its newest stored candle; `undefined` without candles. */
  readonly heldUntil: EpochMs | undefined;
}

/** A market whose close is a factor of a price in US dollars; `isInverse` divides by it. */
export interface UsdStep {
  readonly symbol: string;
  readonly isInverse: boolean;
}

/** The newest closed candle of a market. */
export interface MarketClose {
  readonly symbol: string;
  readonly close: Decimal;
  /** The close one day before, when that candle is stored. */
  readonly dayAgo: Decimal | undefined;
  readonly closedAt: EpochMs;
}

/** A coin and its ids at Binance and providers. */
export interface Coin {
  /** CoinGecko's id: `bitcoin`. */
  readonly id: string;
  /** Base asset on Binance: `BTC`. */
  readonly ticker: string;
  /** Its name, where it differs from the ticker. */
  readonly name: string | undefined;
  /** CoinMarketCap's number. */
  readonly coinMarketCapId: number | undefined;
  /** The configured symbol that represents it, preferably against US dollars. */
  readonly symbol: string;
  /** The markets that give its price in US dollars; `undefined` when none do. */
  readonly usd: readonly UsdStep[] | undefined;
  /** Units of the coin in one unit of the base asset: 1000 for 1000SATS. */
  readonly multiplier: number;
  /** The coin that this one stands for: `BTC` of `WBTC`. */
  readonly wraps: string | undefined;
  /** Rank by market cap when it was looked up. */
  readonly rank: number | undefined;
  /** Number of coins that shared the ticker; 0 without a lookup. */
  readonly candidates: number;
  readonly checkedAt: EpochMs | undefined;
}

/** A base asset without a market cap. */
export interface UnresolvedCoin {
  readonly ticker: string;
  readonly reason: string;
  /** True if a provider may know it. */
  readonly isCoin: boolean;
  readonly checkedAt: EpochMs | undefined;
}

/** The coins of the configured symbols. */
export interface CoinList {
  readonly coins: readonly Coin[];
  readonly unresolved: readonly UnresolvedCoin[];
  /** The markets of the configured symbols. */
  readonly own: readonly SymbolAssets[];
  /** Every market, for exchange rates. */
  readonly markets: readonly SymbolAssets[];
}

/** Stored facts about coins. */
export interface CoinFacts {
  /** Every symbol of exchangeInfo. */
  readonly assets: readonly SymbolAssets[];
  readonly known: readonly KnownCoin[];
}

/** Stores results of lookups. */
export interface CoinStore {
  facts(): Promise<CoinFacts>;
  /** A lookup without a result keeps the known coin. */
  save(known: readonly KnownCoin[]): Promise<void>;
}

/** The coins of the configured symbols, as currently known. */
export interface CoinDirectory {
  list(): Promise<CoinList>;
}

/** Snapshots of market caps. */
export interface MarketCapStore {
  save(caps: readonly MarketCap[]): Promise<void>;
  /** The newest of each coin. */
  newest(coins: readonly Coin[]): Promise<MarketCap[]>;
  /**
   * The newest close of each symbol, whatever its interval; without symbols whose newest candle
   * closed more than two days before `now` (weekly candles: nine).
   */
  closes(symbols: readonly string[], now: EpochMs): Promise<MarketClose[]>;
  /** The newest rate of each currency. */
  rates(): Promise<UsdRate[]>;
  saveRates(rates: readonly UsdRate[]): Promise<void>;
}

/** The last supply of a coin that a provider has sent. */
export interface CoinSupply {
  readonly coin: string;
  readonly supply: Decimal;
  /** The provider. */
  readonly source: string;
  readonly takenAt: EpochMs;
}

/** A coin's market cap at several times, as floats; `undefined` where unknown. */
export interface CapSeries {
  readonly coin: string;
  readonly symbol: string;
  /** In USD, one for each requested time. */
  readonly caps: readonly (number | undefined)[];
  /** Before this time caps are the coin's first known supply × stored closes. */
  readonly recordedFrom: EpochMs | undefined;
}

/** The history of market caps, and its sources. */
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

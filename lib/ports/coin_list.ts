import type { EpochMs } from "../core/time.ts";

/** A coin of a provider's list. */
export interface ListedCoin {
  /** CoinGecko's id. */
  readonly id: string;
  /** In upper case. */
  readonly ticker: string;
  readonly name: string;
}

/** The version of the stored list. */
export interface CoinListMark {
  /** The provider's `ETag`; `undefined` when it sends none. */
  readonly etag: string | undefined;
  /** When the provider last sent or confirmed the list. */
  readonly readAt: EpochMs;
  readonly count: number;
}

/** CoinGecko's list of all coins, kept over restarts. */
export interface CoinListStore {
  read(): Promise<CoinListMark | undefined>;
  /** Every coin with one of the tickers. */
  find(tickers: readonly string[]): Promise<ListedCoin[]>;
  /** Replaces the list in one transaction; unchanged rows are not written. */
  replace(coins: readonly ListedCoin[], mark: Omit<CoinListMark, "count">): Promise<void>;
  /** Records that the list is unchanged. */
  confirm(readAt: EpochMs): Promise<void>;
}

/** Times before which providers accept no requests, shared by all instances. */
export interface ProviderWaits {
  read(provider: string): Promise<EpochMs | undefined>;
  save(provider: string, until: EpochMs): Promise<void>;
}

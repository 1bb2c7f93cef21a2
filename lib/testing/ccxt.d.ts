// The part of ccxt that the tests use; checking its own types takes longer than everything else.
export interface Exchange {
  urls: { api: Record<string, string> };
  loadMarkets(): Promise<Record<string, Market>>;
  fetchTime(): Promise<number>;
  fetchTicker(symbol: string): Promise<Ticker>;
  fetchTickers(): Promise<Record<string, Ticker>>;
  /** Rows of open time, open, high, low, close, volume. */
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number): Promise<number[][]>;
}
export interface Market {
  readonly id: string;
  readonly active: boolean;
  readonly limits: Record<string, { readonly min?: number; readonly max?: number }>;
  readonly precision: Record<string, number>;
}
export interface Ticker {
  readonly timestamp: number;
  readonly last: number;
  readonly baseVolume: number;
  readonly bid: number | undefined;
}
declare const ccxt: { readonly binance: new (options: Record<string, unknown>) => Exchange };
export default ccxt;

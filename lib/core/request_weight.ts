import { DAY_MS } from "./time.ts";

// Request weights of Binance spot: github.com/binance/binance-spot-api-docs, rest-api.md.

/** Request weight of each route that wick uses. */
export const REQUEST_WEIGHT = { time: 1, klines: 2, exchangeInfo: 20, dayTickers: 80 } as const;

/** Most candles in one response; larger limits are undocumented. */
export const PAGE_ROWS = 1000;

/** Weight per minute and address since 2023-08-25, until exchangeInfo was read. */
export const DEFAULT_WEIGHT_LIMIT = 6_000;

/** Plausible limits: below the minimum exchangeInfo could never be requested again. */
export const WEIGHT_LIMITS = { min: 100, max: 100_000 } as const;

/** Share of the limit that wick uses; the rest is for other programs on the address. */
export const WEIGHT_SHARE = 0.9;

/** Share of the limit for background requests, so that new candles do not wait for old ones. */
export const BACKGROUND_SHARE = 0.75;

/** The longest ban that Binance documents, in ms; longer ones are ignored. */
export const MAX_BAN_MS = 3 * DAY_MS;

/** Weight per closed candle of collecting by streams; `undefined` before the first candle. */
export function weightPerCandle(
  { stored, refetched, weight }: {
    readonly stored: number;
    readonly refetched: number;
    readonly weight: number;
  },
): number | undefined {
  return stored + refetched === 0 ? undefined : weight / (stored + refetched);
}

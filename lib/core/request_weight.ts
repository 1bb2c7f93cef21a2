import { DAY_MS } from "./time.ts";

// What Binance spot charges: github.com/binance/binance-spot-api-docs, rest-api.md.

/** Request weight of each route that wick asks. */
export const REQUEST_WEIGHT = { time: 1, klines: 2, exchangeInfo: 20 } as const;

/** The most candles that spot serves in one page; more is undocumented. */
export const PAGE_ROWS = 1000;

/** Weight a minute and address since 2023-08-25; replaced by what exchangeInfo says. */
export const DEFAULT_WEIGHT_LIMIT = 6_000;

/** Limits that can be true: one below stops the list of symbols for ever, one above is no limit. */
export const WEIGHT_LIMITS = { min: 100, max: 100_000 } as const;

/** Of the limit; the rest is left to other programs on the address, and to answers on their way. */
export const WEIGHT_SHARE = 0.9;

/** Of the limit, for requests in the background: new candles must never wait for old ones. */
export const BACKGROUND_SHARE = 0.75;

/** The longest ban that Binance documents; a longer one is an error of whoever asks for it. */
export const MAX_BAN_MS = 3 * DAY_MS;

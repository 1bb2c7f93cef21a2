import type { Prices } from "./candle.ts";

/**
 * The Heikin-Ashi candle of `prices`: its close is their mean, and it opens in the middle of
 * `last`, the Heikin-Ashi candle before it. The first one opens in the middle of the open and the
 * close of `prices`.
 */
export function heikinAshi(prices: Prices, last: Prices | undefined): Prices {
  const { open: opening, high, low, close: closing } = prices;
  const before = last ?? prices;
  const open = (before.open + before.close) / 2;
  const close = (opening + high + low + closing) / 4;
  return { open, high: Math.max(high, open, close), low: Math.min(low, open, close), close };
}

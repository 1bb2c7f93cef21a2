import type { Candle } from "./candle.ts";

/**
 * Parses one row of the exchange's klines: 12 entries, times in ms, decimals as text; `undefined`
 * for anything else.
 */
export function findLiveCandle(json: string): Candle | undefined {
  let row: unknown;
  try {
    row = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(row) || row.length < 11) return undefined;
  const at = (index: number) => Number(row[index]);
  const candle: Candle = {
    openTime: at(0),
    open: at(1),
    high: at(2),
    low: at(3),
    close: at(4),
    volume: at(5),
    quoteVolume: at(7),
    trades: at(8),
    takerBuy: at(9),
  };
  return Object.values(candle).every(Number.isFinite) ? candle : undefined;
}

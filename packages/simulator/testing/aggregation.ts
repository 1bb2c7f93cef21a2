import { toUnits } from "../market/fixed_point.ts";
import { FIELD, type KlineRow } from "../market/kline_row.ts";

const SUMS = [
  FIELD.volume,
  FIELD.quoteAssetVolume,
  FIELD.takerBuyBaseAssetVolume,
  FIELD.takerBuyQuoteAssetVolume,
] as const;

/** What a longer candle must say, worked out from the shorter ones it consists of. */
export interface Aggregate {
  readonly open: string;
  readonly high: bigint;
  readonly low: bigint;
  readonly close: string;
  readonly sums: readonly bigint[];
  readonly trades: number;
}

export function aggregate(rows: readonly KlineRow[]): Aggregate {
  const highs = rows.map((row) => toUnits(row[FIELD.high]));
  const lows = rows.map((row) => toUnits(row[FIELD.low]));
  return {
    open: rows[0]![FIELD.open],
    high: highs.reduce((a, b) => a > b ? a : b),
    low: lows.reduce((a, b) => a < b ? a : b),
    close: rows.at(-1)![FIELD.close],
    sums: SUMS.map((field) => rows.reduce((sum, row) => sum + toUnits(row[field]), 0n)),
    trades: rows.reduce((sum, row) => sum + row[FIELD.numberOfTrades], 0),
  };
}

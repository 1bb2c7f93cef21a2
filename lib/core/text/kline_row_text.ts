import type { Kline } from "../kline.ts";
import type { EpochMs } from "../time.ts";

declare const rowText: unique symbol;

/** A candle as a row of the exchange's GET /api/v3/klines: JSON, 12 entries, no blanks. */
export type KlineRowText = string & { readonly [rowText]: true };

/** Formats a candle as the exchange's row, digit for digit; the last, unused entry is "0". */
export function toRowText(kline: Kline): KlineRowText {
  return JSON.stringify([
    kline.openTime,
    kline.openPrice,
    kline.highPrice,
    kline.lowPrice,
    kline.closePrice,
    kline.volume,
    kline.closeTime,
    kline.quoteAssetVolume,
    kline.numberOfTrades,
    kline.takerBuyBaseAssetVolume,
    kline.takerBuyQuoteAssetVolume,
    "0",
  ]) as KlineRowText;
}

/** Open time of a row in epoch ms, read without parsing the whole row. */
export function openTimeOfRow(row: KlineRowText): EpochMs {
  return Number(row.slice(1, row.indexOf(",")));
}

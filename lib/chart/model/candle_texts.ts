import { type Candle, changeOf } from "./candle.ts";
import { deltaText, numberText, priceText, shareText } from "../../core/number_text.ts";
import { minuteText } from "../../core/time_text.ts";

export interface CandleDecimals {
  /** For prices. */
  readonly decimals: number;
  readonly volumeDecimals: number;
}

/** The cells of a candle's table row in order; the first is the row's header. */
export function candleTexts(candle: Candle, { decimals, volumeDecimals }: CandleDecimals) {
  const { volume, takerBuy } = candle;
  return {
    time: minuteText(candle.openTime),
    open: priceText(candle.open, decimals),
    high: priceText(candle.high, decimals),
    low: priceText(candle.low, decimals),
    close: priceText(candle.close, decimals),
    delta: deltaText(changeOf(candle)),
    volume: numberText(volume, volumeDecimals),
    trades: numberText(candle.trades, 0),
    takerBuy: volume > 0 ? shareText(takerBuy / volume) : "–",
  };
}

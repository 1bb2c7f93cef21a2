import { type Candle, changeOf } from "../../chart/model/candle.ts";
import { priceText } from "../../core/number_text.ts";
import { clockText, dayText } from "../../core/time_text.ts";

/** A candle for those who listen: `31 May 14:00, close 104 591.88, up 0.26 percent, candle 3 of 9`. */
export function candleSpeech(
  candle: Candle,
  bars: readonly Candle[],
  decimals: number,
): string {
  const change = changeOf(candle) * 100;
  const at = bars.findIndex(({ openTime }) => openTime === candle.openTime);
  return [
    `${dayText(candle.openTime)} ${clockText(candle.openTime)}`,
    `close ${priceText(candle.close, decimals)}`,
    `${change < 0 ? "down" : "up"} ${Math.abs(change).toFixed(2)} percent`,
    `candle ${at + 1} of ${bars.length}`,
  ].join(", ");
}

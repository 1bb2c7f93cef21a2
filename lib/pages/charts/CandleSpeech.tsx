import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Candle, changeOf, drawnOf } from "../../chart/model/candle.ts";
import { page } from "../../chart/session/page_signals.ts";
import { priceText } from "../../core/text/number_text.ts";
import { clockText, dayText } from "../../core/text/time_text.ts";

/** Delay that avoids interrupted announcements while a key is held. */
const DELAY_MS = 250;

export interface CandleSpeechProps {
  readonly candle: Candle | undefined;
  readonly bars: readonly Candle[];
  readonly decimals: number;
}

/** Announces the candle at which the cursor has stopped to screen readers. */
export function CandleSpeech({ candle, bars, decimals }: CandleSpeechProps) {
  const text = useSignal("");
  useEffect(() => {
    if (candle === undefined) return;
    const timer = setTimeout(() => text.value = candleSpeech(candle, bars, decimals), DELAY_MS);
    return () => clearTimeout(timer);
  }, [candle]);
  return <p class="unseen" aria-live="polite">{text}</p>;
}

/** Text for screen readers: `31 May 14:00, close 104,591.88, up 0.26 percent, candle 3 of 9`. */
function candleSpeech(
  candle: Candle,
  bars: readonly Candle[],
  decimals: number,
): string {
  const isHeikin = page.view.peek()?.window.type === "heikin";
  const prices = isHeikin ? drawnOf(candle) : candle;
  const change = changeOf(prices) * 100;
  const at = bars.findIndex(({ openTime }) => openTime === candle.openTime);
  return [
    `${dayText(candle.openTime)} ${clockText(candle.openTime)}`,
    `${isHeikin ? "Heikin-Ashi close" : "close"} ${priceText(prices.close, decimals)}`,
    `${change < 0 ? "down" : "up"} ${Math.abs(change).toFixed(2)} percent`,
    `candle ${at + 1} of ${bars.length}`,
    ...candle.isImported ? ["imported, not from the exchange"] : [],
  ].join(", ");
}

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Candle } from "../../chart/model/candle.ts";
import { candleSpeech } from "./candle_speech.ts";

/** Long enough that a held key does not stammer. */
const DELAY_MS = 250;

export interface CandleSpeechProps {
  readonly candle: Candle | undefined;
  readonly bars: readonly Candle[];
  readonly decimals: number;
}

/** Tells screen readers which candle the cursor has come to rest on. */
export function CandleSpeech({ candle, bars, decimals }: CandleSpeechProps) {
  const text = useSignal("");
  useEffect(() => {
    if (candle === undefined) return;
    const timer = setTimeout(() => text.value = candleSpeech(candle, bars, decimals), DELAY_MS);
    return () => clearTimeout(timer);
  }, [candle]);
  return <p class="unseen" aria-live="polite">{text}</p>;
}

import { signal } from "@preact/signals";
import type { Candle } from "./candle.ts";

// What islands of one page tell each other. Set in effects and handlers only: on the server, where
// all pages share these, they stay empty.

/** The candle under the pointer or the keyboard's cursor. */
export const pointedCandle = signal<Candle | undefined>(undefined);
/** The newest candle that has come in since the page was made. */
export const newestCandle = signal<Candle | undefined>(undefined);

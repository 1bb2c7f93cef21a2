import { page } from "./page_signals.ts";

/** Takes from the table what it knows of where its candles come from. */
export function readSpans(): void {
  const { interval, spans } = document.getElementById("table-rows")?.dataset ?? {};
  if (interval !== undefined && spans !== undefined) page.spans.value = { interval, text: spans };
}

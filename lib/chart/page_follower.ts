import { effect } from "@preact/signals";
import { tellStudies } from "./legend_in_page.ts";
import { page } from "./page_signals.ts";
import { tellPrice } from "./price_in_page.ts";
import { barsIn } from "./shown_range.ts";
import { readSpans } from "./spans_in_page.ts";
import { tellClosed, tellMoving } from "./unstored_rows.ts";
import { followWords, type WordsOptions } from "./words_in_view.ts";

export interface PageFollowerOptions extends Omit<WordsOptions, "onWords"> {
  /** Decimals of prices. */
  readonly decimals: number;
  /** Called when links may lead elsewhere. */
  readonly onLinks: () => void;
}

/**
 * Keeps what the page says around the chart at what the chart shows: headline, legend and the
 * table's newest rows with the stream, everything else by the server. Call what this returns when
 * the view may have changed.
 */
export function followPage(options: PageFollowerOptions, signal: AbortSignal): () => void {
  const { chart, decimals, onLinks } = options;
  const tellNewest = () => {
    const moving = page.moving.value;
    const newest = moving ?? page.newest.value;
    if (newest) tellPrice(newest.close);
    tellMoving(moving);
  };
  const tellLegend = () => {
    const view = page.view.value;
    const bar = page.pointed.value ?? (view && barsIn(view).at(-1));
    if (bar) tellStudies(chart.studiesOf(bar), decimals);
  };
  const closed = () => page.view.value && tellClosed(page.view.value);
  const endings = [tellNewest, tellLegend, closed].map((tell) => effect(() => void tell()));
  signal.addEventListener("abort", () => endings.forEach((end) => end()), { once: true });
  return followWords({
    ...options,
    onWords() {
      readSpans();
      tellNewest();
      closed();
      onLinks();
    },
  }, signal);
}

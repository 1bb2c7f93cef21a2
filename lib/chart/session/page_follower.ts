import type { KlineChart } from "../plotly/kline_chart.ts";
import { SUMMARY } from "../page_names.ts";
import { barsIn } from "./shown_range.ts";
import { onIntent } from "./when_wanted.ts";
import type { WordsOptions } from "./words_in_view.ts";

export interface PageFollowerOptions extends Pick<WordsOptions, "chart" | "interval"> {
  /** Open time of the page's first candle. */
  readonly first: number;
}

/**
 * Keeps the page around the chart at what the chart shows, where signals do not: its address and
 * links, the parts that the server writes, and the strip of all history. Call what this returns
 * when the view may have changed.
 */
export function followPage(
  { chart, interval, first }: PageFollowerOptions,
  signal: AbortSignal,
): () => void {
  const { newest } = chart;
  const served = location.href;
  const isCut = (barsIn(chart.view)[0]?.openTime ?? first) > first && !/[?&]page=/.test(served);
  const words = lazily(async () => {
    const { followWords } = await import("./words_in_view.ts");
    return followWords({ chart, interval, served, newest, isCut }, signal);
  });
  const address = lazily(async () => {
    const { syncAddress } = await import("./address_sync.ts");
    return syncAddress({ chart, interval, served }, signal);
  });
  const strip = followStrip(chart, signal);
  if (isCut) whenRead(words, signal);
  return () => {
    address();
    words();
    strip();
  };
}

/**
 * Calls `describe` once the summary is nearly in view, or the reader turns to the chart. Until then
 * nothing on the screen names the candles of the page that are out of view.
 */
function whenRead(describe: () => void, signal: AbortSignal): void {
  const begun = new AbortController();
  const until = AbortSignal.any([signal, begun.signal]);
  const begin = () => {
    begun.abort();
    describe();
  };
  const summary = document.getElementById(SUMMARY);
  const figure = document.querySelector("figure.chart");
  if (summary === null || figure === null) return describe();
  whenNear(summary, begin, until);
  onIntent(figure, begin, until);
}

/** Lets the history strip choose the view, once the user interacts with it. */
function followStrip(chart: KlineChart, signal: AbortSignal): () => void {
  const brush = lazily(async () => {
    const { brushHistory } = await import("./history_brush.ts");
    return brushHistory(chart, signal);
  });
  const strip = document.querySelector(".strip-box");
  if (strip === null) return () => {};
  for (const intent of ["pointerover", "focusin"]) {
    strip.addEventListener(intent, brush, { signal });
  }
  // A finger does not hover before it drags.
  if (matchMedia("(hover: none)").matches) whenNear(strip, brush, signal, 0);
  return brush;
}

/** Calls `work` each time that `element` comes into view, or within `margin` px of it. */
function whenNear(element: Element, work: () => void, signal: AbortSignal, margin = 200): void {
  const observer = new IntersectionObserver(
    (entries) => entries.at(-1)!.isIntersecting && work(),
    { rootMargin: `${margin}px` },
  );
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/**
 * Calls what `open` resolves to; opens it with the first call, and with the next after a failure.
 */
function lazily(open: () => Promise<() => void>): () => void {
  let opened: Promise<() => void> | undefined;
  return () => {
    opened ??= open();
    opened.then((tell) => tell(), () => opened = undefined);
  };
}

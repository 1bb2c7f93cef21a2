import type { Interval } from "../../core/interval.ts";
import { endOf } from "../../core/interval.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { fetchPage, putLiveParts } from "./page_refresh.ts";
import { withRange } from "./range_in_links.ts";
import { barsIn, shownRangeOf } from "./shown_range.ts";
import { utcText } from "../../core/time_text.ts";

/** A view that has stayed for so long is spoken of. */
const DELAY_MS = 450;
/** Wait before asking again for what was not there yet, doubled every time. */
const AGAIN = { firstMs: 3_000, mostMs: 60_000 } as const;

export interface WordsOptions {
  readonly chart: KlineChart;
  /** Interval of the page. */
  readonly interval: Interval;
  /** Address that the page came from. */
  readonly served: string;
  /** Open time of the newest closed candle when the page came. */
  readonly newest: number;
  /** Whether less is in view than the page came with: small screens show less. */
  readonly isCut: boolean;
  /** Called when the page says something else. */
  readonly onWords: () => void;
}

/**
 * Has the server put into words what the chart shows: summary, proof, table, rows of files, and
 * where moves lead. They are those of the same page at the address of the view. Call what this
 * returns when the view may have changed.
 */
export function followWords(options: WordsOptions, signal: AbortSignal): () => void {
  const { chart, served, newest, isCut, onWords } = options;
  const href = () => chart.isMoved || isCut ? viewHref(options) : served;
  let said = isCut ? "" : `${served} ${newest}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line = new AbortController();
  const ask = async (attempt: number) => {
    const asked = href();
    const newest = chart.newest;
    const page = await fetchPage(asked, AbortSignal.any([signal, line.signal]))
      .catch(() => undefined);
    if (line.signal.aborted) return;
    const isWhole = page ? put(page, chart) : tellBehind();
    if (page) onWords();
    if (isWhole && newestRow() >= newestOf(chart)) said = `${asked} ${newest}`;
    else later(Math.min(AGAIN.firstMs * 2 ** attempt, AGAIN.mostMs), attempt + 1);
  };
  const later = (ms: number, attempt: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(attempt), ms);
  };
  const changed = () => {
    line.abort();
    clearTimeout(timer);
    if (signal.aborted || said === `${href()} ${chart.newest}`) return;
    line = new AbortController();
    later(DELAY_MS, 0);
  };
  signal.addEventListener("abort", changed, { once: true });
  changed();
  return changed;
}

/** Address of a page that shows what `chart` does. */
function viewHref({ chart, interval }: WordsOptions): string {
  const { view, newest } = chart;
  const end = endOf(newest, interval);
  const url = new URL(withRange(location.href, { range: shownRangeOf(chart), interval, end }));
  url.searchParams.set("interval", view.interval);
  if (view.perBar > 1) url.searchParams.set("pin", "1");
  return url.href;
}

/** Returns whether everything is in its place. */
function put(page: Document, chart: KlineChart): boolean {
  const isWhole = putLiveParts(page);
  const summary = document.getElementById("chart-summary");
  if (summary && !page.getElementById("chart-summary")) {
    const { from, to } = chart.view.window;
    summary.textContent = `From ${utcText(Math.round(from))} to ${utcText(Math.round(to))} ` +
      "there are no candles.";
  }
  for (const link of document.querySelectorAll("[data-move]:not([data-move=reset])")) {
    const href = page.querySelector(`[data-move=${link.getAttribute("data-move")}]`)
      ?.getAttribute("href");
    if (href == null) link.removeAttribute("href");
    else link.setAttribute("href", href);
  }
  for (const field of document.querySelectorAll<HTMLInputElement>("input[type=date]")) {
    const day = page.getElementById(field.id)?.getAttribute("value");
    if (day && document.activeElement !== field) field.value = day;
  }
  return isWhole;
}

/** The summary names its own range, and the table what it lacks. */
function tellBehind(): false {
  const count = document.getElementById("table-count");
  if (count) count.textContent = "of what was in view before: the server does not answer";
  return false;
}

/** Open time of the newest candle in the table. */
function newestRow(): number {
  return Number(document.getElementById("table-rows")?.dataset.newest ?? Infinity);
}

/** Open time of the newest closed candle in view. */
function newestOf({ view }: KlineChart): number {
  return view.perBar > 1 ? -Infinity : barsIn(view).at(-1)?.openTime ?? -Infinity;
}

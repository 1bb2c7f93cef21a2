import { changedHref } from "../../core/chart_address.ts";
import type { Interval } from "../../core/interval.ts";
import { endOf } from "../../core/interval.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { page } from "./page_signals.ts";
import { fetchPage, putLiveParts } from "./page_refresh.ts";
import { readFacts } from "./read_facts.ts";
import { withRange } from "./range_in_links.ts";
import { barsIn, shownRangeOf } from "./shown_range.ts";

/** Delay after which a changed view is described. */
const DELAY_MS = 450;
/** Delay before a retry, doubled each time. */
const AGAIN = { firstMs: 3_000, mostMs: 60_000 } as const;

export interface WordsOptions {
  readonly chart: KlineChart;
  /** Interval of the page. */
  readonly interval: Interval;
  /** URL of the page as loaded. */
  readonly served: string;
  /** Open time of the newest closed candle on the page as loaded. */
  readonly newest: number;
  /** True if the view is narrower than the page's range, as on small screens. */
  readonly isCut: boolean;
}

/**
 * Requests texts for the chart's view from the server: summary, proof, table, rows of files, and
 * the targets of moves, taken from the page at the view's URL. Call the returned function when the
 * view may have changed.
 */
export function followWords(options: WordsOptions, signal: AbortSignal): () => void {
  const { chart, served, newest, isCut } = options;
  const href = () => chart.isMoved || isCut ? viewHref(options) : served;
  let said = isCut ? "" : `${served} ${newest}`;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line = new AbortController();
  const ask = async (attempt: number) => {
    const asked = href();
    const newest = chart.newest;
    const fresh = await fetchPage(asked, AbortSignal.any([signal, line.signal]))
      .catch(() => undefined);
    if (line.signal.aborted) return;
    const isWhole = fresh !== undefined && putLiveParts(fresh);
    page.isBehind.value = fresh === undefined;
    if (fresh) readFacts();
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

/** URL of a page with the chart's current view. */
function viewHref({ chart, interval }: WordsOptions): string {
  const { view, newest } = chart;
  const end = endOf(newest, interval);
  const href = withRange(location.href, { range: shownRangeOf(chart), interval, end });
  return changedHref(href, {
    interval: view.interval,
    ...view.perBar > 1 && { isPinned: true },
  });
}

/** Open time of the newest candle in the table. */
function newestRow(): number {
  return page.facts.value?.newest ?? Infinity;
}

/** Open time of the newest closed candle in view. */
function newestOf({ view }: KlineChart): number {
  return view.perBar > 1 ? -Infinity : barsIn(view).at(-1)?.openTime ?? -Infinity;
}

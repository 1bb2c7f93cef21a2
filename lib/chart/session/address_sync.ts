import { endOf, type Interval } from "../../core/interval.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { LIVE, MOVE } from "../page_names.ts";
import { timeText } from "../../core/text/query_text.ts";
import { withRange } from "./range_in_links.ts";
import type { ShownRange } from "./page_signals.ts";
import { shownRangeOf } from "./shown_range.ts";

const DELAY_MS = 300;

export interface AddressSyncOptions {
  readonly chart: KlineChart;
  /** Interval of the page. */
  readonly interval: Interval;
  /** Address that the page came from. */
  readonly served: string;
}

/**
 * Keeps the page's URL, and links to other charts, at the visible range: shortly after it has
 * changed, without a new history entry. Call the returned function when it has.
 */
export function syncAddress(options: AddressSyncOptions, signal: AbortSignal): () => void {
  const { chart, interval, served: address } = options;
  const served = rangeOf(canonicalAddress());
  /** Links that were rendered with the page's range follow the visible range. */
  const links = chartLinks().filter((link) =>
    !link.hasAttribute(MOVE) && !link.closest(`[${LIVE}]`) && rangeOf(link.href) === served
  ).map((link) => ({ link, href: link.href }));
  const write = () => {
    const shown = shownOf(chart);
    const end = endOf(chart.newest, interval);
    const carry = (href: string) => shown ? withRange(href, { range: shown, interval, end }) : href;
    const href = shown ? carry(location.href) : address;
    if (href !== location.href) history.replaceState(history.state, "", href);
    for (const { link, href } of links) link.href = carry(href);
  };
  carryInForms(() => {
    const shown = shownOf(chart);
    return shown ? textsOf(shown) : textsIn(address);
  }, signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    clearTimeout(timer);
    timer = setTimeout(write, DELAY_MS);
  };
}

/** The visible range, once the user has changed it. */
function shownOf(chart: KlineChart): ShownRange | undefined {
  return chart.isMoved ? shownRangeOf(chart) : undefined;
}

function chartLinks(): HTMLAnchorElement[] {
  const links = [...document.querySelectorAll("a[href]")];
  return links.filter((link) => link instanceof HTMLAnchorElement).filter((link) => {
    const url = new URL(link.href);
    return url.pathname === location.pathname && url.searchParams.has("symbol");
  });
}

/** In the format of the page's links, whatever the user typed. */
function canonicalAddress(): string {
  return document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
}

function rangeOf(href: string): string {
  return JSON.stringify(textsIn(href));
}

/** The range in a URL, as written there. */
interface RangeTexts {
  readonly from: string | null;
  readonly to: string | null;
}

function textsIn(href: string): RangeTexts {
  const { searchParams } = new URL(href);
  return { from: searchParams.get("from"), to: searchParams.get("to") };
}

function textsOf({ from, to }: ShownRange): RangeTexts {
  return {
    from: from === undefined ? null : timeText(from),
    to: to === undefined ? null : timeText(to),
  };
}

const isOfChart = (form: FormData) => form.has("symbol") || form.has("search");

/**
 * Makes forms that lead to other charts submit the visible range. A form with its own range fields
 * keeps them.
 */
function carryInForms(range: () => RangeTexts, signal: AbortSignal): void {
  document.addEventListener("formdata", ({ target, formData }) => {
    if (!(target instanceof HTMLFormElement) || !isOfChart(formData)) return;
    for (const [name, value] of Object.entries(range())) {
      const field = target.elements.namedItem(name);
      if (field instanceof HTMLInputElement && field.type !== "hidden") continue;
      if (value === null) formData.delete(name);
      else formData.set(name, value);
    }
  }, { signal });
}

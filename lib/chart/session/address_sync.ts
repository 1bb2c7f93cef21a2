import { endOf, type Interval } from "../../core/interval.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import { numberText } from "../../core/number_text.ts";
import { timeText, withRange } from "./range_in_links.ts";
import type { ShownRange } from "./page_signals.ts";
import { shownRangeOf } from "./shown_range.ts";

const DELAY_MS = 300;

export interface CsvLink {
  readonly href: string;
  readonly rows: number;
}

export interface AddressSyncOptions {
  readonly chart: KlineChart;
  /** Interval of the page. */
  readonly interval: Interval;
  /** Address that the page came from. */
  readonly served: string;
  readonly csv: () => CsvLink;
}

/**
 * Keeps the page's address, and the links that lead to other charts, at what is in view: a moment
 * after it has changed, without a new entry in the history. Call what this returns when it has.
 */
export function syncAddress(options: AddressSyncOptions, signal: AbortSignal): () => void {
  const { chart, interval, csv, served: address } = options;
  const served = rangeOf(canonicalAddress());
  /** Links that came with the page's own range go on with it, wherever it goes. */
  const links = chartLinks().filter((link) =>
    !link.hasAttribute("data-move") && !link.closest("[data-live]") && rangeOf(link.href) === served
  ).map((link) => ({ link, href: link.href }));
  const write = () => {
    const shown = chart.isMoved ? shownRangeOf(chart) : undefined;
    const end = endOf(chart.newest, interval);
    const carry = (href: string) => shown ? withRange(href, { range: shown, interval, end }) : href;
    const href = shown ? carry(location.href) : address;
    if (href !== location.href) history.replaceState(history.state, "", href);
    for (const { link, href } of links) link.href = carry(href);
    setFields(shown ? textsOf(shown) : textsIn(address));
    setCsv(csv());
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    clearTimeout(timer);
    timer = setTimeout(write, DELAY_MS);
  };
}

function chartLinks(): HTMLAnchorElement[] {
  const links = [...document.querySelectorAll("a[href]")];
  return links.filter((link) => link instanceof HTMLAnchorElement).filter((link) => {
    const url = new URL(link.href);
    return url.pathname === location.pathname && url.searchParams.has("symbol");
  });
}

/** As links of the page write it, however the reader did. */
function canonicalAddress(): string {
  return document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
}

function rangeOf(href: string): string {
  return JSON.stringify(textsIn(href));
}

/** What an address says of time, in its own words. */
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

/** Forms that lead to other charts carry the range in hidden fields. */
function setFields(range: RangeTexts): void {
  const fields = document.querySelectorAll("select[name=symbol], #symbol-search");
  for (const form of [...fields].map((field) => field.closest("form")!)) {
    for (const name of ["from", "to"] as const) {
      const value = range[name];
      let input = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (value === null) input?.remove();
      else {
        if (input === null) {
          input = document.createElement("input");
          input.type = "hidden";
          input.name = name;
          form.append(input);
        }
        input.value = value;
      }
    }
  }
}

/** The file is always of what is in view. */
function setCsv({ href, rows }: CsvLink): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-key=csv]");
  if (link === null) return;
  link.href = href;
  const count = link.querySelector("small");
  if (count) count.textContent = `${numberText(rows, 0)} ${rows === 1 ? "row" : "rows"}`;
}

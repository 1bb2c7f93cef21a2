import { numberText } from "./number_text.ts";
import { timeText, withRange } from "./range_in_links.ts";
import type { ShownRange } from "./page_signals.ts";

const DELAY_MS = 300;

export interface AddressSync {
  /** Says that something else is in view. */
  changed(): void;
}

export interface AddressSyncOptions {
  readonly csv: () => { readonly href: string; readonly rows: number };
  readonly range: () => ShownRange;
  /** Interval of the page. */
  readonly interval: string;
  /** Where the newest candle ends. */
  readonly end: () => number;
}

/**
 * Keeps the page's address, and the links that lead to other charts, at what is in view: a moment
 * after it has changed, without a new entry in the history.
 */
export function syncAddress(options: AddressSyncOptions, signal: AbortSignal): AddressSync {
  const { range, interval, end } = options;
  const served = rangeOf(location.href);
  /** Links that came with the page's own range go on with it, wherever it goes. */
  const links = chartLinks().filter((link) =>
    !link.hasAttribute("data-move") && rangeOf(link.href) === served
  );
  const write = () => {
    const carried = { range: range(), interval, end: end() };
    const href = withRange(location.href, carried);
    if (href !== location.href) history.replaceState(history.state, "", href);
    for (const link of links) link.href = withRange(link.href, carried);
    setFields(carried.range);
    setCsv(options.csv());
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(write, DELAY_MS);
    },
  };
}

function chartLinks(): HTMLAnchorElement[] {
  const links = [...document.querySelectorAll("a[href]")];
  return links.filter((link) => link instanceof HTMLAnchorElement).filter((link) => {
    const url = new URL(link.href);
    return url.pathname === location.pathname && url.searchParams.has("symbol");
  });
}

function rangeOf(href: string): string {
  const { searchParams } = new URL(href);
  return `${searchParams.get("from")} ${searchParams.get("to")}`;
}

/** Forms that lead to other charts carry the range in hidden fields. */
function setFields(range: ShownRange): void {
  const fields = document.querySelectorAll("select[name=symbol], #symbol-search");
  for (const form of [...fields].map((field) => field.closest("form")!)) {
    for (const name of ["from", "to"] as const) {
      const value = range[name];
      let input = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
      if (value === undefined) input?.remove();
      else {
        if (input === null) {
          input = document.createElement("input");
          input.type = "hidden";
          input.name = name;
          form.append(input);
        }
        input.value = timeText(value);
      }
    }
  }
}

/** The file is always of what is in view. */
function setCsv({ href, rows }: { readonly href: string; readonly rows: number }): void {
  const link = document.querySelector<HTMLAnchorElement>("a[data-key=csv]");
  if (link === null) return;
  link.href = href;
  const count = link.querySelector("small");
  if (count) count.textContent = `${numberText(rows, 0)} ${rows === 1 ? "row" : "rows"}`;
}

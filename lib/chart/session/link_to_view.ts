import { endOf, type Interval } from "../../core/interval.ts";
import { page } from "./page_signals.ts";
import { chartAddressHere, withRange } from "./range_in_links.ts";
import { shownRangeOf } from "./shown_range.ts";

/** Address of what is in view, complete: the page's own may leave symbol and interval out. */
export function linkToView(symbol: string, interval: Interval): string {
  const address = chartAddressHere({ symbol, interval });
  const chart = page.running.value?.chart;
  if (!chart || page.range.value === undefined) return address;
  const end = endOf(chart.newest, interval);
  return withRange(address, { range: shownRangeOf(chart), interval, end });
}

import { endOf, type Interval } from "../../core/interval.ts";
import { page } from "./page_signals.ts";
import { changedHref } from "../../core/chart_address.ts";
import { withRange } from "./range_in_links.ts";
import { shownRangeOf } from "./shown_range.ts";

/** Complete URL of the current view: the page's own may omit symbol and interval. */
export function linkToView(symbol: string, interval: Interval): string {
  const address = changedHref(location.href, { symbol, interval });
  const chart = page.running.value?.chart;
  if (!chart || page.range.value === undefined) return address;
  const end = endOf(chart.newest, interval);
  return withRange(address, { range: shownRangeOf(chart), interval, end });
}

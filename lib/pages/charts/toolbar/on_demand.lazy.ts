import { page } from "../../../chart/session/page_signals.ts";
import { withRange } from "../../../chart/session/range_in_links.ts";
import { pressKey } from "../../../chart/session/run_shortcut.ts";
import { pressStar } from "../../../chart/session/press_star.ts";
import { shownRangeOf } from "../../../chart/session/shown_range.ts";
import { changedHref } from "../../../core/chart_address.ts";
import { endOf, type Interval } from "../../../core/interval.ts";

/** Of the charts page, what few readers need; see `loadOnDemand`. */
export { copyText } from "../../../chart/session/copy_text.ts";
export { savePng } from "../../../chart/session/png_export.ts";
export { ApiTabs } from "./ApiTabs.tsx";
export { KeySheet } from "./KeySheet.tsx";
export { MeasureLayer } from "../picture/MeasureLayer.tsx";

/** Handles a key, or a click on a star, anywhere on the page; from the second one on at once. */
export function answerEvent(event: Event): void {
  document.onkeydown = document.onsubmit = answerEvent;
  if (event instanceof KeyboardEvent) pressKey(event);
  else if (event instanceof SubmitEvent) pressStar(event);
}

/** Complete URL of the current view: the page's own may omit symbol and interval. */
export function linkToView(symbol: string, interval: Interval): string {
  const address = changedHref(location.href, { symbol, interval });
  const chart = page.running.value?.chart;
  if (!chart || page.range.value === undefined) return address;
  const end = endOf(chart.newest, interval);
  return withRange(address, { range: shownRangeOf(chart), interval, end });
}

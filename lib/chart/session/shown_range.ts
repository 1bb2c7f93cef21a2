import { endOf } from "../../core/interval.ts";
import type { TimeRange } from "../../core/time.ts";
import { lowerBound } from "../model/drawn_candles.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import type { KlineView } from "../plotly/kline_views.ts";
import type { ShownRange } from "./page_signals.ts";
import { drawnStepMs } from "../model/merge_candles.ts";

/** The visible range as written in URLs; without an end while the newest candle is in view. */
export function shownRangeOf(chart: KlineChart): ShownRange {
  const { view } = chart;
  const seen = barsIn(view);
  const [first, last] = [seen[0], seen.at(-1)];
  const { from, to } = view.window;
  return {
    from: first?.openTime ?? Math.ceil(from),
    to: chart.isAtEnd ? undefined : last === undefined ? Math.floor(to) : endOfBar(view, last),
  };
}

/** The candles in view, as the range of their file. */
export function fileRangeOf(chart: KlineChart): TimeRange {
  const { from, to } = shownRangeOf(chart);
  const { bars, interval } = chart.view;
  return { from: from ?? 0, to: to ?? endOf(bars.at(-1)!.openTime, interval) };
}

/** Bars in view. */
export function barsIn({ bars, window }: KlineView) {
  return bars.slice(lowerBound(bars, window.from), lowerBound(bars, window.to));
}

function endOfBar({ interval, perBar, window }: KlineView, bar: { readonly openTime: number }) {
  return perBar === 1 && window.stepMs === drawnStepMs(interval)
    ? endOf(bar.openTime, interval)
    : bar.openTime + window.stepMs;
}

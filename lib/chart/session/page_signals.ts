import { batch, signal } from "@preact/signals";
import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import type { KlineChart } from "../plotly/kline_chart.ts";
import type { KlineView } from "../plotly/kline_views.ts";
import type { KlinePlot } from "../plotly/kline_plot.ts";
import type { LiveState } from "./live_state.ts";
import type { Measure } from "../model/measure.ts";
import type { ViewFacts } from "../model/view_facts.ts";
import { UTC, type Zone } from "../model/zone.ts";

export interface ShownRange {
  readonly from: EpochMs | undefined;
  /** Set while the newest candle is out of view. */
  readonly to: EpochMs | undefined;
}

export interface RunningChart {
  readonly chart: KlineChart;
  readonly plot: KlinePlot;
}

export interface ClosedCandles {
  readonly interval: Interval;
  readonly candles: readonly Candle[];
}

/**
 * Signals shared by the islands of one page. Set in effects and handlers only: on the server, where
 * all pages share these, they stay empty.
 */
export const page = {
  /** The candle under the pointer or the keyboard's cursor. */
  pointed: signal<Candle | undefined>(undefined),
  /** The newest closed candle received since the page was rendered. */
  newest: signal<Candle | undefined>(undefined),
  /** Candles that closed on the stream and that the page's table does not have, ascending. */
  closed: signal<ClosedCandles | undefined>(undefined),
  /** The open candle. */
  moving: signal<Candle | undefined>(undefined),
  /** The chart's view, once its candles are loaded. */
  view: signal<KlineView | undefined>(undefined),
  /** The range in the page's URL, once the user has changed it. */
  range: signal<ShownRange | undefined>(undefined),
  /** State of the connection to the server; `undefined` without one. */
  live: signal<LiveState | undefined>(undefined),
  /** When the server was last heard, as `performance.now()`. */
  heardAt: signal(0),
  /** True if candles that are in view are being loaded. */
  isBusy: signal(false),
  /** True if a finger on the chart moves it instead of the page. */
  isExploring: signal(false),
  /** True if the chart fills the window, where browsers lack full screen. */
  isFilling: signal(false),
  /** Time zone of displayed times. */
  zone: signal<Zone>(UTC),
  /** The server's last data about the view around the chart. */
  facts: signal<ViewFacts | undefined>(undefined),
  /** True if the last request about the view failed. */
  isBehind: signal(false),
  /** `armed`: the next drag over the plot measures. */
  measure: signal<"armed" | Measure | undefined>(undefined),
  /** The chart that the page's tools work on. */
  running: signal<RunningChart | undefined>(undefined),
} as const;

/** Forgets the chart that was here. */
export function clearSignals(): void {
  batch(() => {
    for (const one of [page.pointed, page.newest, page.moving, page.view, page.range]) {
      one.value = undefined;
    }
    page.live.value = page.measure.value = page.closed.value = undefined;
    page.running.value = undefined;
    page.isExploring.value = page.isBusy.value = page.isBehind.value = false;
  });
}

import { batch, signal } from "@preact/signals";
import type { EpochMs } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import type { KlineChart, KlineView } from "../plotly/kline_chart.ts";
import type { KlinePlot } from "../plotly/kline_plot.ts";
import type { LiveState } from "./live_state.ts";
import type { Measure } from "../model/measure.ts";
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

/**
 * What islands of one page tell each other. Set in effects and handlers only: on the server, where
 * all pages share these, they stay empty.
 */
export const page = {
  /** The candle under the pointer or the keyboard's cursor. */
  pointed: signal<Candle | undefined>(undefined),
  /** The newest closed candle that has come in since the page was made. */
  newest: signal<Candle | undefined>(undefined),
  /** The candle that still moves. */
  moving: signal<Candle | undefined>(undefined),
  /** What the chart shows, once its candles are here. */
  view: signal<KlineView | undefined>(undefined),
  /** What the page's address says of time, once the reader has changed it. */
  range: signal<ShownRange | undefined>(undefined),
  /** How the line to the server is; `undefined` where nothing is followed. */
  live: signal<LiveState | undefined>(undefined),
  /** When the server was last heard, as `performance.now()`. */
  heardAt: signal(0),
  /** Whether a finger on the chart moves it instead of the page. */
  isExploring: signal(false),
  /** Clock that times are told by. */
  zone: signal<Zone>(UTC),
  /** Where the candles of the table come from, as the server wrote it, and their interval. */
  spans: signal<{ readonly interval: string; readonly text: string } | undefined>(undefined),
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
    page.live.value = page.measure.value = undefined;
    page.running.value = undefined;
    page.isExploring.value = false;
  });
}

import { endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { KlineChart, type KlineChartOptions, type KlineView } from "../plotly/kline_chart.ts";
import { KlinePlot } from "../plotly/kline_plot.ts";
import { followSeries } from "./live_series.ts";
import { loadPlotly } from "../plotly/load_plotly.ts";
import { MAX_DRAWN, NARROW, TOUCH_MEDIA } from "../model/merge_candles.ts";
import { takeOverMoves } from "./move_buttons.ts";
import { page, type RunningChart, type ShownRange } from "./page_signals.ts";
import { followPointer } from "./pointing.ts";
import { shownRangeOf } from "./shown_range.ts";
import { whenWanted } from "./when_wanted.ts";
import type { Zone } from "../model/zone.ts";
import { zoomByWheel } from "./wheel_zoom.ts";

type Events = "onView" | "onShown" | "onBusy" | "onFailure";

/** What the page says about the chart that is to come alive. */
export interface KlineSessionOptions extends Omit<KlineChartOptions, Events | "most" | "studyKit"> {
  readonly host: HTMLElement;
  readonly plotlyHref: string;
  readonly zone: Zone;
  readonly exportHref: (interval: Interval, range: TimeRange) => string;
  readonly liveHref: (interval: Interval) => string;
  readonly newestHref: (interval: Interval) => string;
  /** Open times of the first and the last candle of the page. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Decimals of prices. */
  readonly decimals: number;
  /** Resolves when the reader wants the engine although it is large. */
  readonly engineWanted: Promise<void>;
  readonly on: KlineSessionEvents;
}

export interface KlineSessionEvents {
  view(view: KlineView): void;
  range(range: ShownRange): void;
  point(candle: Candle | undefined): void;
  busy(isBusy: boolean): void;
  failure(message: string | undefined): void;
  /** Candles answer to pointer and keys, on the server's picture still. */
  candles(chart: KlineChart): void;
}

/**
 * Brings the chart to life once the page is painted, in two steps: first the candles behind the
 * server's picture, then Plotly in its place. It lives until `signal` aborts.
 *
 * @throws when Plotly or the candles cannot be loaded or drawn, with the reason for people: the
 * picture stays, with what has come so far
 */
export async function openKlineSession(
  options: KlineSessionOptions,
  signal: AbortSignal,
): Promise<RunningChart> {
  const { host, plotlyHref, on } = options;
  const figure = host.closest("figure") ?? host;
  const area = host.closest<HTMLElement>(".plot") ?? host;
  await whenWanted(figure, signal);
  const engine = options.engineWanted.then(() => loadPlotly(plotlyHref));
  engine.catch(() => {}); // its failure is waited for below
  const isNarrow = matchMedia(NARROW.media).matches;
  const studyKit = options.overlays.length > 0 ? await import("../plotly/study_kit.ts") : undefined;
  let changed = () => {};
  const chart = await KlineChart.open(
    {
      ...options,
      studyKit,
      most: isNarrow ? NARROW.drawn : MAX_DRAWN,
      onView: on.view,
      onShown: () => changed(),
      onBusy: on.busy,
      onFailure: on.failure,
    },
    { from: options.first, to: options.last },
    isNarrow ? NARROW.inView : Infinity,
  );
  signal.throwIfAborted();
  followPointer({
    area,
    view: () => chart.view,
    moving: () => page.moving.value,
    onPoint: on.point,
  }, signal);
  on.candles(chart);

  const [plotly, { followPage }] = await Promise.all([engine, import("./page_follower.ts")]);
  signal.throwIfAborted();
  const isTouch = matchMedia(TOUCH_MEDIA).matches;
  const plot = await KlinePlot.open(
    {
      plotly,
      host,
      isTouch,
      zone: options.zone,
      studyKit,
      onDrag: (range) => chart.follow(range),
      onDragged: (range) => chart.show(range),
      onFailure: on.failure,
    },
    chart.scene,
    signal,
  );
  const marks = takeOverMoves(figure, chart, signal);
  const live = followSeries(options, chart, signal);
  chart.attach(plot);
  const follow = followPage({
    ...options,
    chart,
    onLinks: marks,
    csv() {
      const range = csvRange(chart);
      return { href: options.exportHref(chart.view.interval, range), rows: chart.count(range) };
    },
  }, signal);
  changed = () => {
    marks();
    live();
    on.range(shownRangeOf(chart));
    follow();
  };
  marks();
  live();
  zoomByWheel(area, chart, signal);
  if (navigator.maxTouchPoints > 0) {
    import("./pinch_zoom.ts").then(({ zoomByPinch }) => {
      if (!signal.aborted) zoomByPinch(area, chart, () => page.isExploring.value, signal);
    }, () => {}); // buttons zoom too
  }
  return { chart, plot };
}

function csvRange(chart: KlineChart): TimeRange {
  const { from, to } = shownRangeOf(chart);
  const { bars, interval } = chart.view;
  return { from: from ?? 0, to: to ?? endOf(bars.at(-1)!.openTime, interval) };
}

import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { KlineChart, type KlineChartOptions } from "../plotly/kline_chart.ts";
import { KlinePlot } from "../plotly/kline_plot.ts";
import { followSeries } from "./live_series.ts";
import { loadPlotly } from "../plotly/load_plotly.ts";
import type { Plotly } from "../plotly/plotly.ts";
import type { StudyKit } from "../plotly/series_memory.ts";
import { MAX_DRAWN, NARROW, TOUCH_MEDIA } from "../model/merge_candles.ts";
import { page, type RunningChart } from "./page_signals.ts";
import { followPointer } from "./pointing.ts";
import { shownRangeOf } from "./shown_range.ts";
import { whenWanted } from "./when_wanted.ts";
import type { Zone } from "../model/zone.ts";
import { zoomByWheel } from "./wheel_zoom.ts";

type Events = "onView" | "onShown" | "onBusy";

/** The page's data for the interactive chart. */
export interface KlineSessionOptions extends Omit<KlineChartOptions, Events | "most" | "studyKit"> {
  readonly host: HTMLElement;
  readonly plotlyHref: string;
  readonly zone: Zone;
  readonly liveHref: (interval: Interval) => string;
  readonly newestHref: (interval: Interval) => string;
  /** Open times of the first and the last candle of the page. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  /** Resolves when the user agrees to load the engine although it is large. */
  readonly engineWanted: Promise<void>;
  /** Called when candles answer to pointer and keys, on the server's picture still. */
  readonly onCandles: (chart: KlineChart) => void;
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
  const { host, plotlyHref } = options;
  const area = host.closest<HTMLElement>(".plot") ?? host;
  await whenWanted(host.closest("figure") ?? host, signal);
  const engine = options.engineWanted.then(() => loadPlotly(plotlyHref));
  engine.catch(() => {}); // its failure is waited for below
  const listener = { changed() {} };
  const [chart, studyKit] = await openCandles(options, () => listener.changed());
  signal.throwIfAborted();
  followPointer({
    area,
    view: () => chart.view,
    moving: () => page.moving.value,
    onPoint: (candle) => page.pointed.value = candle,
  }, signal);
  options.onCandles(chart);

  const [plotly, { followPage }] = await Promise.all([engine, import("./page_follower.ts")]);
  signal.throwIfAborted();
  const plot = await openPlot({ ...options, plotly, chart, studyKit }, signal);
  const live = followSeries(options, chart, signal);
  chart.attach(plot);
  const follow = followPage({ ...options, chart }, signal);
  listener.changed = () => {
    live();
    page.range.value = shownRangeOf(chart);
    follow();
  };
  live();
  takeGestures(area, chart, signal);
  return { chart, plot };
}

/** Loads the candles of the page, and what computes studies if there are any. */
async function openCandles(options: KlineSessionOptions, onShown: () => void) {
  const isNarrow = matchMedia(NARROW.media).matches;
  const studyKit = options.overlays.length > 0 ? await import("../plotly/study_kit.ts") : undefined;
  const chart = await KlineChart.open(
    {
      ...options,
      studyKit,
      most: isNarrow ? NARROW.drawn : MAX_DRAWN,
      onView: (view) => page.view.value = view,
      onShown,
      onBusy: (isBusy) => page.isBusy.value = isBusy,
    },
    { from: options.first, to: options.last },
    isNarrow ? NARROW.inView : Infinity,
  );
  return [chart, studyKit] as const;
}

interface PlotOptions extends Pick<KlineSessionOptions, "host" | "zone" | "onFailure"> {
  readonly plotly: Plotly;
  readonly chart: KlineChart;
  readonly studyKit: StudyKit | undefined;
}

function openPlot(
  { plotly, chart, studyKit, host, zone, onFailure }: PlotOptions,
  signal: AbortSignal,
): Promise<KlinePlot> {
  return KlinePlot.open(
    {
      plotly,
      host,
      isTouch: matchMedia(TOUCH_MEDIA).matches,
      zone,
      studyKit,
      onDrag: (range) => chart.follow(range),
      onDragged: (range) => chart.show(range),
      onFailure,
    },
    chart.scene,
    signal,
  );
}

function takeGestures(area: HTMLElement, chart: KlineChart, signal: AbortSignal): void {
  zoomByWheel(area, chart, signal);
  if (navigator.maxTouchPoints === 0) return;
  const stop = page.isExploring.subscribe((isExploring) => {
    if (!isExploring) return;
    import("./pinch_zoom.ts").then(({ zoomByPinch }) => {
      if (!signal.aborted) zoomByPinch(area, chart, () => page.isExploring.value, signal);
      stop();
    }, () => {}); // buttons zoom too
  });
  signal.addEventListener("abort", stop, { once: true });
}

import type { Interval } from "../../core/interval.ts";
import type { EpochMs } from "../../core/time.ts";
import { KlineChart, type KlineChartOptions } from "../plotly/kline_chart.ts";
import { KlinePlot } from "../plotly/kline_plot.ts";
import { followSeries } from "./live_series.ts";
import { loadPlotly } from "../plotly/load_plotly.ts";
import type { Plotly } from "../plotly/plotly.ts";
import type { ChartKit } from "../plotly/series_memory.ts";
import { MAX_DRAWN, NARROW, TOUCH_MEDIA } from "../model/merge_candles.ts";
import { page, type RunningChart } from "./page_signals.ts";
import { followPointer } from "./pointing.ts";
import { shownRangeOf } from "./shown_range.ts";
import { whenWanted } from "./when_wanted.ts";
import type { Zone } from "../model/zone.ts";

type Events = "onView" | "onShown" | "onBusy";

/** The page's data for the interactive chart. */
export interface KlineSessionOptions extends Omit<KlineChartOptions, Events | "most" | "kit"> {
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
  given: KlineSessionOptions,
  signal: AbortSignal,
): Promise<RunningChart> {
  const { host, plotlyHref } = given;
  const area = host.closest<HTMLElement>(".plot") ?? host;
  await whenWanted(host.closest("figure") ?? host, signal);
  const engine = given.engineWanted.then(() => loadPlotly(plotlyHref));
  engine.catch(() => {}); // its failure is waited for below
  const listener = { changed() {} };
  const options = await withKit(given);
  const chart = await openCandles(options, () => listener.changed());
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
  const plot = await openPlot({ ...options, plotly, chart }, signal);
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

interface KittedOptions extends KlineSessionOptions {
  readonly kit: ChartKit;
}

/** Loads what draws overlays, a logarithmic scale, and a type other than candles. */
async function withKit(options: KlineSessionOptions): Promise<KittedOptions> {
  const { overlays, shape: { isLog, type }, load } = options;
  const [studies, scale, types] = await Promise.all([
    overlays.length > 0 ? import("../plotly/study_kit.ts") : {},
    isLog ? import("../model/log_ticks.ts") : {},
    type === "candles" ? undefined : import("../plotly/type_kit.ts"),
  ]);
  const kit: ChartKit = { ...studies, ...scale, ...types?.createTypeKit(type) };
  return { ...options, kit, load: kit.loader?.(load) ?? load };
}

/** Loads the candles of the page. */
function openCandles(options: KittedOptions, onShown: () => void): Promise<KlineChart> {
  const isNarrow = matchMedia(NARROW.media).matches;
  return KlineChart.open(
    {
      ...options,
      most: isNarrow ? NARROW.drawn : MAX_DRAWN,
      onView: (view) => page.view.value = view,
      onShown,
      onBusy: (isBusy) => page.isBusy.value = isBusy,
    },
    { from: options.first, to: options.last },
    isNarrow ? NARROW.inView : Infinity,
  );
}

interface PlotOptions extends Pick<KittedOptions, "host" | "zone" | "kit" | "onFailure"> {
  readonly plotly: Plotly;
  readonly chart: KlineChart;
}

function openPlot(
  { chart, onFailure, ...rest }: PlotOptions,
  signal: AbortSignal,
): Promise<KlinePlot> {
  return KlinePlot.open(
    {
      ...rest,
      isTouch: matchMedia(TOUCH_MEDIA).matches,
      onDrag: (range) => chart.follow(range),
      onDragged: (range) => chart.show(range),
      onFailure,
    },
    chart.scene,
    signal,
  );
}

/** The wheel's code is loaded when a pointer comes near, which is before it turns. */
function takeGestures(area: HTMLElement, chart: KlineChart, signal: AbortSignal): void {
  const none = () => {}; // buttons zoom too
  area.addEventListener("pointerenter", () => {
    import("./wheel_zoom.ts").then(({ zoomByWheel }) => {
      if (!signal.aborted) zoomByWheel(area, chart, signal);
    }, none);
  }, { once: true, signal });
  if (navigator.maxTouchPoints === 0) return;
  const stop = page.isExploring.subscribe((isExploring) => {
    if (!isExploring) return;
    import("./pinch_zoom.ts").then(({ zoomByPinch }) => {
      if (!signal.aborted) zoomByPinch(area, chart, () => page.isExploring.value, signal);
      stop();
    }, none);
  });
  signal.addEventListener("abort", stop, { once: true });
}

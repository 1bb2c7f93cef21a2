import { endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import {
  candleRange,
  type ChartWindow,
  fitWindow,
  type PlotShape,
  wholeRange,
  widened,
} from "../model/chart_window.ts";
import { lowerBound, sliceAround } from "../model/drawn_candles.ts";
import { fittingInterval, type IntervalChoice } from "../model/fitting_interval.ts";
import type { ChartGap } from "../model/chart_gap.ts";
import type { KlinePlot, KlineScene } from "./kline_plot.ts";
import { messageOf } from "./message_of.ts";
import { drawnStepMs, mergeCandles } from "../model/merge_candles.ts";
import {
  type Extent,
  followedRange,
  isAtEnd,
  movedRange,
  rangeWithin,
  wholeExtent,
  type WindowMove,
  zoomedRange,
} from "../model/moved_window.ts";
import type { Study } from "../model/study.ts";
import { SeriesMemory, type SeriesMemoryOptions } from "./series_memory.ts";

export interface KlineChartOptions extends IntervalChoice, SeriesMemoryOptions {
  readonly symbol: string;
  readonly shape: PlotShape;
  /** Interval of the page's candles: the requested one, or a longer one. */
  readonly shown: Interval;
  /** Known gaps among them. */
  readonly gaps: readonly ChartGap[];
  /** Open times of the first and the newest stored candle of the series. */
  readonly oldest: EpochMs;
  readonly newest: EpochMs;
  /** Called when the view changes, also while the user drags. */
  readonly onView: (view: KlineView) => void;
  /** Called when a change of the view is complete. */
  readonly onShown: () => void;
  readonly onBusy: (isBusy: boolean) => void;
  /** Called with an error message, or `undefined` once the error is over. */
  readonly onFailure: (message: string | undefined) => void;
}

/** The current content of a chart. */
export interface KlineView {
  readonly window: ChartWindow;
  /** All loaded candles, drawn or not; ascending. */
  readonly bars: readonly Candle[];
  readonly gaps: readonly ChartGap[];
  /** Interval of the bars; longer than the requested one if that has too many candles. */
  readonly interval: Interval;
  /** Candles per bar. */
  readonly perBar: number;
}

/** Chooses the visible part of a series, loads it, and draws it once there is a plot. */
export class KlineChart {
  #view: KlineView;
  #first: TimeRange;
  /** Interval of `#first`: the server has chosen it, or a screen that shows less. */
  #opened: Interval;
  #newest: EpochMs;
  #plot: KlinePlot | undefined;
  readonly #memories = new Map<Interval, SeriesMemory>();
  readonly #options: KlineChartOptions;

  private constructor(options: KlineChartOptions, first: TimeRange) {
    this.#options = options;
    this.#first = first;
    this.#opened = options.shown;
    this.#newest = options.newest;
    this.#view = this.#viewOf(first);
  }

  /** Loads the candles from `from` to `to`, both open times, and shows the newest `inView` bars. */
  static async open(
    options: KlineChartOptions,
    { from, to }: TimeRange,
    inView: number,
  ): Promise<KlineChart> {
    const stepMs = drawnStepMs(options.interval);
    const chart = new KlineChart(options, wholeRange(from, to, stepMs));
    const range = { from, to: endOf(to, options.shown) };
    const newest = { from: Math.max(from, range.to - inView * stepMs), to: range.to };
    const interval = newest.from === from ? options.shown : fittingInterval(newest, options);
    chart.#opened = interval;
    const memory = chart.#memoryOf(interval);
    await memory.cover(range, options.oldest);
    const { candles } = memory;
    const shown = candles.slice(lowerBound(candles, from)).slice(-inView);
    const { bars, stepMs: barMs } = chart.#barsOf(interval, shown, shown.length);
    if (bars.length === 0) throw new Error("No candles in this range");
    chart.#first = wholeRange(bars[0]!.openTime, bars.at(-1)!.openTime, barMs);
    chart.#setView(chart.#viewOf(chart.#first));
    return chart;
  }

  get view(): KlineView {
    return this.#view;
  }

  get newest(): EpochMs {
    return this.#newest;
  }

  /** True if the newest candle is in view. */
  get isAtEnd(): boolean {
    return isAtEnd(this.#view.window, this.#newest);
  }

  /** True if the user has changed the view. */
  get isMoved(): boolean {
    return !this.#isFirst(this.#view.window, this.#view.window.stepMs);
  }

  get scene(): KlineScene {
    const { symbol, most } = this.#options;
    const { window, bars, interval, perBar } = this.#view;
    const drawn = sliceAround(bars, window, most);
    return {
      id: `${symbol}|${interval}|${perBar}`,
      window,
      bars: drawn,
      studies: this.#memoryOf(interval).studiesAt(drawn, window.stepMs),
      last: bars.at(-1)?.close ?? 0,
    };
  }

  /** The full range that can be shown. */
  get whole(): TimeRange {
    return wholeExtent(this.#extent);
  }

  /** Candles of the shown interval that open in `range`. */
  count({ from, to }: TimeRange): number {
    const { candles } = this.#memoryOf(this.#view.interval);
    return lowerBound(candles, to) - lowerBound(candles, from);
  }

  /** The overlays' values at a bar; those of the newest bar for the open candle. */
  studiesOf({ openTime }: Pick<Candle, "openTime">): Study[] {
    const { bars, interval, window } = this.#view;
    const at = Math.min(lowerBound(bars, openTime), bars.length - 1);
    return this.#memoryOf(interval).studiesAt(bars.slice(at, at + 1), window.stepMs);
  }

  attach(plot: KlinePlot): void {
    this.#plot = plot;
    plot.show(this.scene);
    this.#options.onShown();
  }

  canMove(move: WindowMove): boolean {
    return this.#plot !== undefined &&
      movedRange(this.#view.window, move, this.#extent) !== undefined;
  }

  move(move: WindowMove): void {
    const range = movedRange(this.#view.window, move, this.#extent);
    if (range) this.show(range);
  }

  /**
   * Scales the visible time by `factor`; the time at the fraction `at` of the plot stays in place.
   */
  zoom(factor: number, at: number): void {
    this.show(zoomedRange(this.#view.window, factor, at, this.#extent));
  }

  /** Moves by a fraction of the visible range; positive values towards newer candles. */
  pan(fraction: number): void {
    const { from, to } = this.#view.window;
    const shift = (to - from) * fraction;
    this.show({ from: from + shift, to: to + shift });
  }

  /** Brings back the range that the chart opened with. */
  reset(): void {
    this.#place(this.#first);
  }

  /** Shows `range`, limited to the available data. */
  show(range: TimeRange): void {
    this.#place(rangeWithin(range, this.#extent));
  }

  #place(range: TimeRange): void {
    this.#setView(this.#viewOf(range));
    this.#options.onShown();
    void this.#cover();
  }

  /** Follows a drag in progress, which Plotly draws. */
  follow({ from, to }: TimeRange): void {
    this.#view = { ...this.#view, window: { ...this.#view.window, from, to } };
    this.#options.onView(this.#view);
  }

  /** Adds closed candles; the view stays unless it includes the newest one. */
  append(interval: Interval, fresh: readonly Candle[]): void {
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#memories.get(interval)?.append(fresh);
    const old = this.#newest;
    this.#newest = Math.max(old, last.openTime);
    this.#first = followedRange(this.#first, old, this.#newest);
    const { window } = this.#view;
    this.#setView(this.#viewOf(followedRange(window, old, this.#newest)));
    this.#options.onShown();
  }

  /** The visible price range can change as the open candle moves. */
  include(low: number, high: number): void {
    const { window } = this.#view;
    if (!this.isAtEnd || (low >= window.low && high <= window.high)) return;
    this.#setView({ ...this.#view, window: widened(window, low, high) });
  }

  get #extent(): Extent {
    const { oldest, interval } = this.#options;
    return {
      first: oldest,
      end: endOf(this.#newest, interval),
      stepMs: this.#view.window.stepMs,
      shortestMs: drawnStepMs(interval),
    };
  }

  #setView(view: KlineView): void {
    this.#view = view;
    this.#options.onView(view);
    this.#plot?.show(this.scene);
  }

  /** The best view of `range` from loaded candles. */
  #viewOf(range: TimeRange): KlineView {
    const interval = this.#bestInterval(range);
    const memory = this.#memoryOf(interval);
    const { candles, gaps } = memory;
    const inView = lowerBound(candles, range.to) - lowerBound(candles, range.from);
    const { bars, perBar, stepMs } = this.#barsOf(interval, candles, inView);
    const seen = bars.slice(
      lowerBound(bars, range.from - stepMs),
      lowerBound(bars, range.to + stepMs),
    );
    const studies = memory.studiesAt(seen, stepMs);
    const window = fitWindow({ bars: seen, stepMs, studies, shape: this.#options.shape }, range);
    return { window, bars, gaps, interval, perBar };
  }

  /** Single candles, or merged ones if more are in view than can be drawn. */
  #barsOf(interval: Interval, candles: readonly Candle[], inView: number) {
    const perBar = Math.max(1, Math.ceil(inView / this.#options.most));
    const stepMs = perBar * drawnStepMs(interval);
    const bars = perBar === 1 ? candles : mergeCandles(candles, stepMs);
    return { bars, perBar, stepMs };
  }

  #isFirst({ from, to }: TimeRange, stepMs: number): boolean {
    return Math.abs(from - this.#first.from) + Math.abs(to - this.#first.to) <= stepMs / 2;
  }

  /** The interval that `range` should be shown at. */
  #wantedInterval(range: TimeRange): Interval {
    const stepMs = this.#view?.window.stepMs ?? drawnStepMs(this.#options.interval);
    return this.#isFirst(range, stepMs)
      ? this.#opened
      : fittingInterval(candleRange(range, stepMs), this.#options);
  }

  /** The interval that `range` should be shown at or, while that is loading, the one in view. */
  #bestInterval(range: TimeRange): Interval {
    const wanted = this.#wantedInterval(range);
    const candles = this.#memories.get(wanted)?.candles ?? [];
    const isUseful = lowerBound(candles, range.from) < lowerBound(candles, range.to);
    return isUseful ? wanted : this.#view?.interval ?? wanted;
  }

  #memoryOf(interval: Interval): SeriesMemory {
    let memory = this.#memories.get(interval);
    if (memory === undefined) {
      const known = interval === this.#options.shown ? this.#options.gaps : undefined;
      memory = new SeriesMemory(interval, this.#options, known);
      this.#memories.set(interval, memory);
    }
    return memory;
  }

  /**
   * Loads the visible candles when less than the same amount is loaded on either side, then shows
   * them.
   */
  async #cover(): Promise<void> {
    const { oldest, onBusy, onFailure, interval: base } = this.#options;
    const { from, to } = this.#view.window;
    const span = to - from;
    const interval = this.#wantedInterval(this.#view.window);
    const memory = this.#memoryOf(interval);
    const end = endOf(this.#newest, base);
    const inside = (range: TimeRange): TimeRange => ({
      from: Math.max(range.from, oldest),
      to: Math.min(range.to, end),
    });
    const isWaiting = !memory.holds(inside({ from, to }));
    try {
      if (isWaiting) onBusy(true);
      const isNear = !memory.holds(inside({ from: from - span, to: to + span }));
      const reach = isNear ? 2 * span : span;
      const range = inside({ from: from - reach, to: to + reach });
      const hasLoaded = await memory.cover(range, oldest);
      onFailure(undefined);
      if (hasLoaded || interval !== this.#view.interval) {
        this.#setView(this.#viewOf(this.#view.window));
      }
    } catch (error) {
      onFailure(messageOf(error));
    } finally {
      if (isWaiting) onBusy(false);
    }
  }
}

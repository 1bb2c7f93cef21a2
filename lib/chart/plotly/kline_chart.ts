import { endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import { type Candle, drawnOf, newestOwn } from "../model/candle.ts";
import { candleRange, wholeRange, widened } from "../model/chart_window.ts";
import { lowerBound, sliceAround } from "../model/drawn_candles.ts";
import { fittingInterval } from "../model/fitting_interval.ts";
import type { KlinePlot, KlineScene } from "./kline_plot.ts";
import { type KlineView, KlineViews, type KlineViewsOptions } from "./kline_views.ts";
import { messageOf } from "./message_of.ts";
import { drawnStepMs } from "../model/merge_candles.ts";
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

export interface KlineChartOptions extends KlineViewsOptions {
  readonly symbol: string;
  /** Open time of the newest stored candle of the series. */
  readonly newest: EpochMs;
  /** Called when the view changes, also while the user drags. */
  readonly onView: (view: KlineView) => void;
  /** Called when a change of the view is complete. */
  readonly onShown: () => void;
  readonly onBusy: (isBusy: boolean) => void;
  /** Called with an error message, or `undefined` once the error is over. */
  readonly onFailure: (message: string | undefined) => void;
}

/** Chooses the visible part of a series, and draws it once there is a plot. */
export class KlineChart {
  #view: KlineView;
  #first: TimeRange;
  /** Interval of `#first`: the server has chosen it, or a screen that shows less. */
  #opened: Interval;
  #newest: EpochMs;
  #plot: KlinePlot | undefined;
  readonly #views: KlineViews;
  readonly #options: KlineChartOptions;

  private constructor(options: KlineChartOptions, first: TimeRange) {
    this.#options = options;
    this.#views = new KlineViews(options);
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
    const memory = chart.#views.of(interval);
    await memory.cover(range, options.oldest);
    const { candles } = memory;
    const shown = candles.slice(lowerBound(candles, from)).slice(-inView);
    const { bars, stepMs: barMs } = chart.#views.barsOf(interval, shown, shown.length);
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
    const { symbol, most, kit } = this.#options;
    const { window, bars, interval, perBar } = this.#view;
    const drawn = sliceAround(bars, window, most);
    return {
      // A chart that compares with the first close in view is drawn again when that changes.
      id: `${symbol}|${interval}|${perBar}|${kit.baseOf?.(bars, window)}`,
      window,
      bars: drawn,
      studies: this.#views.of(interval).studiesAt(drawn, window.stepMs),
      last: newestOwn(bars)?.close ?? 0,
    };
  }

  /** The full range that can be shown. */
  get whole(): TimeRange {
    return wholeExtent(this.#extent);
  }

  /** Candles of the shown interval that open in `range`. */
  count(range: TimeRange): number {
    return this.#views.count(this.#view.interval, range);
  }

  /** Text of an overlay at a bar, or at the newest one for the open candle. */
  studyText(
    { openTime }: Pick<Candle, "openTime">,
    index: number,
    decimals: number,
  ): string | undefined {
    const { bars, interval, window } = this.#view;
    const at = Math.min(lowerBound(bars, openTime), bars.length - 1);
    const study = this.#views.of(interval).studiesAt(bars.slice(at, at + 1), window.stepMs)[index];
    return study && this.#options.kit.studyText?.(study, decimals);
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
    this.#views.append(interval, fresh);
    const old = this.#newest;
    this.#newest = Math.max(old, last.openTime);
    this.#first = followedRange(this.#first, old, this.#newest);
    const { window } = this.#view;
    this.#setView(this.#viewOf(followedRange(window, old, this.#newest)));
    this.#options.onShown();
  }

  /** The candle after the last one as it is drawn; the visible price range can change with it. */
  include(next: Candle): Candle {
    const { window, bars } = this.#view;
    const drawn = this.#options.kit.after?.(newestOwn(bars), next, window.stepMs) ?? next;
    const { low, high } = drawnOf(drawn);
    if (this.isAtEnd && (low < window.low || high > window.high)) {
      this.#setView({ ...this.#view, window: widened(window, low, high) });
    }
    return drawn;
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
    return this.#views.viewOf(range, this.#bestInterval(range));
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
    return this.#views.count(wanted, range) > 0 ? wanted : this.#view?.interval ?? wanted;
  }

  /** Loads what is in view and near it, then shows it. */
  async #cover(): Promise<void> {
    const { onBusy, onFailure } = this.#options;
    const { window } = this.#view;
    const interval = this.#wantedInterval(window);
    let isWaiting = false;
    try {
      const hasLoaded = await this.#views.cover(window, interval, this.#newest, () => {
        isWaiting = true;
        onBusy(true);
      });
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

import { endOf, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import type { ChartGap } from "../model/chart_gap.ts";
import { type ChartWindow, fitWindow, type PlotShape } from "../model/chart_window.ts";
import { lowerBound } from "../model/drawn_candles.ts";
import type { IntervalChoice } from "../model/fitting_interval.ts";
import { drawnStepMs, mergeCandles } from "../model/merge_candles.ts";
import { SeriesMemory, type SeriesMemoryOptions } from "./series_memory.ts";

export interface KlineViewsOptions extends IntervalChoice, SeriesMemoryOptions {
  readonly shape: PlotShape;
  /** Interval of the page's candles: the requested one, or a longer one. */
  readonly shown: Interval;
  /** Known gaps among them. */
  readonly gaps: readonly ChartGap[];
  /** Open time of the first stored candle of the series. */
  readonly oldest: EpochMs;
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

/** Loads the candles of a symbol, per interval, and makes views of them. */
export class KlineViews {
  readonly #memories = new Map<Interval, SeriesMemory>();
  readonly #options: KlineViewsOptions;

  constructor(options: KlineViewsOptions) {
    this.#options = options;
  }

  of(interval: Interval): SeriesMemory {
    let memory = this.#memories.get(interval);
    if (memory === undefined) {
      const known = interval === this.#options.shown ? this.#options.gaps : undefined;
      memory = new SeriesMemory(interval, this.#options, known);
      this.#memories.set(interval, memory);
    }
    return memory;
  }

  /** Number of loaded candles that open in `range`. */
  count(interval: Interval, { from, to }: TimeRange): number {
    const { candles } = this.of(interval);
    return lowerBound(candles, to) - lowerBound(candles, from);
  }

  /** Adds closed candles, if the interval has been shown. */
  append(interval: Interval, fresh: readonly Candle[]): void {
    this.#memories.get(interval)?.append(fresh);
  }

  /** Single candles, or merged ones if more are in view than can be drawn. */
  barsOf(interval: Interval, candles: readonly Candle[], inView: number) {
    const perBar = Math.max(1, Math.ceil(inView / this.#options.most));
    const stepMs = perBar * drawnStepMs(interval);
    const merge = this.#options.kit.merge ?? mergeCandles;
    const bars = perBar === 1 ? candles : merge(candles, stepMs);
    return { bars, perBar, stepMs };
  }

  /** The view of `range` from loaded candles. */
  viewOf(range: TimeRange, interval: Interval): KlineView {
    const memory = this.of(interval);
    const { candles, gaps } = memory;
    const { bars, perBar, stepMs } = this.barsOf(interval, candles, this.count(interval, range));
    const seen = bars.slice(
      lowerBound(bars, range.from - stepMs),
      lowerBound(bars, range.to + stepMs),
    );
    const studies = memory.studiesAt(seen, stepMs);
    const window = fitWindow({ bars: seen, stepMs, studies, shape: this.#options.shape }, range);
    return { window, bars, gaps, interval, perBar };
  }

  /**
   * Loads the candles of a range when less than the same amount is loaded on either side. Returns
   * true if it has loaded any; `onWait` is called when some of the range are missing.
   */
  async cover(
    { from, to }: TimeRange,
    interval: Interval,
    newest: EpochMs,
    onWait: () => void,
  ): Promise<boolean> {
    const { oldest, interval: base } = this.#options;
    const memory = this.of(interval);
    const end = endOf(newest, base);
    const span = to - from;
    const around = (reach: number): TimeRange => ({
      from: Math.max(from - reach, oldest),
      to: Math.min(to + reach, end),
    });
    if (!memory.holds(around(0))) onWait();
    const isNear = !memory.holds(around(span));
    return await memory.cover(around(isNear ? 2 * span : span), oldest);
  }
}

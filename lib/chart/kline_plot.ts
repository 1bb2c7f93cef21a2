import type { Candle } from "./candle.ts";
import { readChartColors, watchColors } from "./chart_colors.ts";
import { type ChartWindow, fitWindow, windowOf } from "./chart_window.ts";
import {
  fromPlotlyTime,
  type PlotBox,
  toKlineLayout,
  toKlineTraces,
  windowChange,
} from "./kline_figure.ts";
import { followedWindow, movedWindow, type WindowMove, windowWithin } from "./moved_window.ts";
import { type Plotly, PLOTLY_CONFIG, type PlotlyHost } from "./plotly.ts";

export interface KlinePlotOptions {
  readonly plotly: Plotly;
  readonly host: HTMLElement;
  /** Names what is shown: `BTCUSDT|1h`. */
  readonly id: string;
  /** Ascending, at least one. */
  readonly bars: readonly Candle[];
  readonly stepMs: number;
  /** How many of the newest bars are in view at first. */
  readonly count: number;
  readonly isTouch: boolean;
  /** Called with every window, also while the reader drags. */
  readonly onWindow: (window: ChartWindow) => void;
  /** Called with the bar that the pointer or the keyboard is at. */
  readonly onPoint: (bar: Candle | undefined) => void;
}

/** A chart of candles in Plotly, whose prices always fit what is in view. */
export class KlinePlot {
  #bars: readonly Candle[];
  #window: ChartWindow;
  /** Relayouts of our own, whose events are no news. */
  #ownChanges = 0;
  readonly #options: KlinePlotOptions;
  /** Called when the window has changed for good. */
  onShown = () => {};

  private constructor(options: KlinePlotOptions) {
    this.#options = options;
    this.#bars = options.bars;
    this.#window = this.#firstWindow();
  }

  /** Draws the chart; it lives until `signal` aborts. */
  static async open(options: KlinePlotOptions, signal: AbortSignal): Promise<KlinePlot> {
    const { plotly, host } = options;
    const plot = new KlinePlot(options);
    const element = await plotly.newPlot(host, ...plot.#figure(), PLOTLY_CONFIG);
    if (signal.aborted) {
      plotly.purge(host);
      throw signal.reason;
    }
    plot.#listen(element, signal);
    options.onWindow(plot.#window);
    return plot;
  }

  get bars(): readonly Candle[] {
    return this.#bars;
  }

  /** Shows other bars; what the reader looks at stays, unless it is the newest bar. */
  async update(bars: readonly Candle[]): Promise<void> {
    const last = this.#bars.at(-1)!;
    this.#bars = bars;
    this.#window = followedWindow(bars, this.#window, last);
    await this.#draw();
    this.#options.onWindow(this.#window);
    this.onShown();
  }

  canMove(move: WindowMove): boolean {
    return movedWindow(this.#bars, this.#window, move) !== undefined;
  }

  move(move: WindowMove): void {
    const window = movedWindow(this.#bars, this.#window, move);
    if (window) this.#show(window);
  }

  /** Whether the reader has changed what is in view. */
  get isMoved(): boolean {
    const { from, to, stepMs } = this.#firstWindow();
    return Math.abs(from - this.#window.from) + Math.abs(to - this.#window.to) > stepMs / 2;
  }

  reset(): void {
    this.#show(this.#firstWindow());
  }

  /** Puts the crosshair on a bar, bringing it into view. */
  point(index: number): void {
    const bar = this.#bars[index];
    if (bar === undefined) return;
    const { from, to, stepMs } = this.#window;
    const span = to - from;
    if (bar.openTime < from) this.#show(this.#within(bar.openTime - stepMs, span));
    if (bar.openTime > to) this.#show(this.#within(bar.openTime - span + 2 * stepMs, span));
    this.#options.onPoint(bar);
  }

  #within(from: number, span: number): ChartWindow {
    return windowWithin(this.#bars, { from, to: from + span }, this.#options.stepMs);
  }

  #firstWindow(): ChartWindow {
    return windowOf(this.#bars.slice(-this.#options.count), this.#options.stepMs);
  }

  get #lastClose(): number {
    return this.#bars.at(-1)!.close;
  }

  #figure() {
    const { host, id } = this.#options;
    const colors = readChartColors(host);
    const layout = { id, window: this.#window, box: this.#box(), last: this.#lastClose, colors };
    return [toKlineTraces(this.#bars, colors), toKlineLayout(layout)] as const;
  }

  async #draw(): Promise<void> {
    const { plotly, host } = this.#options;
    await plotly.react(host, ...this.#figure(), PLOTLY_CONFIG);
  }

  #box(): PlotBox {
    const { host, isTouch } = this.#options;
    const style = getComputedStyle(host);
    const axisWidth = Number.parseFloat(style.getPropertyValue("--axis-width")) || 70;
    const axisHeight = Number.parseFloat(style.getPropertyValue("--axis-height")) || 26;
    const width = Math.max(0, host.clientWidth - axisWidth);
    const height = Math.max(0, host.clientHeight - axisHeight);
    return { width, height, axisWidth, axisHeight, isTouch };
  }

  #show(window: ChartWindow): void {
    const { plotly, host, onWindow } = this.#options;
    this.#window = window;
    this.#ownChanges++;
    void plotly.relayout(host, windowChange(window, this.#box(), this.#lastClose))
      .finally(() => this.#ownChanges--);
    onWindow(window);
    this.onShown();
  }

  #listen(element: PlotlyHost, signal: AbortSignal): void {
    const { plotly, host, onPoint, onWindow, stepMs } = this.#options;
    element.on("plotly_hover", ({ points }) => onPoint(this.#bars[points[0]?.pointNumber ?? -1]));
    element.on("plotly_click", ({ points }) => onPoint(this.#bars[points[0]?.pointNumber ?? -1]));
    element.on("plotly_unhover", () => onPoint(undefined));
    element.on("plotly_doubleclick", () => this.reset());
    element.on("plotly_relayouting", (event) => {
      const range = rangeOf(event);
      if (range) onWindow({ ...this.#window, ...range });
    });
    element.on("plotly_relayout", (event) => {
      const range = rangeOf(event);
      if (!range || this.#ownChanges > 0) return;
      const fitted = fitWindow(this.#bars, range.from, range.to, stepMs);
      this.#show(windowWithin(this.#bars, fitted, stepMs));
    });
    let width = host.clientWidth;
    const resizing = new ResizeObserver(() => {
      if (host.clientWidth === width) return;
      width = host.clientWidth;
      this.#resize();
    });
    resizing.observe(host);
    watchColors(() => void this.#draw(), signal);
    signal.addEventListener("abort", () => {
      resizing.disconnect();
      plotly.purge(host);
    }, { once: true });
  }

  #resize(): void {
    const { plotly, host } = this.#options;
    if (host.clientWidth === 0) return;
    const box = this.#box();
    const change = {
      ...windowChange(this.#window, box, this.#lastClose),
      "margin.r": box.axisWidth,
    };
    this.#ownChanges++;
    void plotly.Plots.resize(host).then(() => plotly.relayout(host, change))
      .finally(() => this.#ownChanges--);
  }
}

function rangeOf(event: Record<string, unknown>): { from: number; to: number } | undefined {
  const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  const range = { from: fromPlotlyTime(from), to: fromPlotlyTime(to) };
  return range.from < range.to ? range : undefined;
}

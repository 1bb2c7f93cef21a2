import type { TimeRange } from "../../core/time.ts";
import { type Candle, withoutImported } from "../model/candle.ts";
import { readChartColors, watchColors } from "./chart_colors.ts";
import { messageOf } from "./message_of.ts";
import type { ChartWindow } from "../model/chart_window.ts";
import {
  fromPlotlyTime,
  type PlotBox,
  toKlineLayout,
  toKlineTraces,
  windowChange,
} from "./kline_figure.ts";
import type { Zone } from "../model/zone.ts";
import type { Study } from "../model/study.ts";
import type { ChartKit } from "./series_memory.ts";
import {
  type Layout,
  type LayoutChange,
  type Plotly,
  PLOTLY_CONFIG,
  type PlotlyHost,
  type Trace,
} from "./plotly.ts";

/** Content of a plot. */
export interface KlineScene {
  /** Identifies the series: `BTCUSDT|1h`. */
  readonly id: string;
  /** Drawn bars, ascending. */
  readonly bars: readonly Candle[];
  readonly window: ChartWindow;
  /** Overlays with one value per bar. */
  readonly studies: readonly Study[];
  /** The newest price, which has its own mark on the axis. */
  readonly last: number;
}

export interface KlinePlotOptions {
  readonly plotly: Plotly;
  readonly host: HTMLElement;
  readonly isTouch: boolean;
  readonly zone: Zone;
  readonly kit: ChartKit;
  /** Called while the user drags. */
  readonly onDrag: (range: TimeRange) => void;
  /** Called when the user has finished dragging. */
  readonly onDragged: (range: TimeRange) => void;
  /** Called with an error message when a later update could not be drawn. */
  readonly onFailure: (message: string) => void;
}

/** Draws candles with Plotly. The view is chosen by the caller. */
export class KlinePlot {
  #scene: KlineScene;
  /** Number of own relayouts in progress, whose events are ignored. */
  #ownChanges = 0;
  #isDraggable: boolean;
  /** True if the drawing differs from the requested scene. */
  #isBroken = false;
  readonly #options: KlinePlotOptions;

  private constructor(options: KlinePlotOptions, scene: KlineScene) {
    this.#options = options;
    this.#scene = scene;
    this.#isDraggable = !options.isTouch;
  }

  /**
   * Draws the scene until `signal` aborts.
   * @throws Plotly's errors, after removing the plot
   */
  static async open(
    options: KlinePlotOptions,
    scene: KlineScene,
    signal: AbortSignal,
  ): Promise<KlinePlot> {
    const plot = new KlinePlot(options, scene);
    const element = await plot.#first().catch((error) => {
      clear(options);
      throw new Error(failureText(error), { cause: error });
    });
    if (signal.aborted) {
      clear(options);
      throw signal.reason;
    }
    plot.#listen(element, signal);
    return plot;
  }

  /** Draws only what has changed: other bars, or another window over the same ones. */
  show(scene: KlineScene): void {
    const { bars, id } = this.#scene;
    this.#scene = scene;
    if (!this.#isBroken && isSame(bars, scene.bars) && id === scene.id) {
      this.#relayout(windowChange(scene.window, this.#box(), scene.last));
    } else this.#draw();
  }

  /** Lets dragging move through time, which on touch screens prevents scrolling the page. */
  setDraggable(isDraggable: boolean): void {
    this.#isDraggable = isDraggable;
    this.#relayout({
      dragmode: isDraggable ? "pan" : false,
      "xaxis.fixedrange": !isDraggable,
    });
  }

  /** Engine and element of the plot. */
  get stage(): Pick<KlinePlotOptions, "plotly" | "host"> {
    return this.#options;
  }

  /** The traces and the layout as drawn. */
  figure(): [Trace[], Layout] {
    const { host, kit } = this.#options;
    const colors = readChartColors(host);
    const { bars: all, studies, window } = this.#scene;
    const bars = withoutImported(all);
    const layout = toKlineLayout({ ...this.#scene, bars, box: this.#box(), colors });
    const traces = kit.tracesOf?.({ bars, window }, colors, host) ??
      toKlineTraces({ bars, stepMs: window.stepMs }, colors);
    const lines = kit.toStudyTraces?.(all, studies, host) ?? [];
    return [[...traces, ...lines], kit.withRsiAxis?.(layout, window) ?? layout];
  }

  async #first(): Promise<PlotlyHost> {
    const { plotly, host } = this.#options;
    return await plotly.newPlot(host, ...this.figure(), PLOTLY_CONFIG);
  }

  #draw(): void {
    const { plotly, host } = this.#options;
    void this.#change(() => plotly.react(host, ...this.figure(), PLOTLY_CONFIG));
  }

  #relayout(change: LayoutChange): void {
    const { plotly, host } = this.#options;
    void this.#change(() => plotly.relayout(host, change));
  }

  /**
   * Reports any error that Plotly throws, synchronously or later; the next scene is then drawn from
   * scratch.
   */
  async #change(work: () => Promise<unknown>): Promise<void> {
    this.#ownChanges++;
    try {
      await work();
      this.#isBroken = false;
    } catch (error) {
      this.#isBroken = true;
      this.#options.onFailure(failureText(error));
    } finally {
      this.#ownChanges--;
    }
  }

  #box(): PlotBox {
    const { host, zone, kit: { logTicks } } = this.#options;
    const style = getComputedStyle(host);
    const axisWidth = Number.parseFloat(style.getPropertyValue("--axis-width")) || 70;
    const axisHeight = Number.parseFloat(style.getPropertyValue("--axis-height")) || 26;
    const width = Math.max(0, host.clientWidth - axisWidth);
    const height = Math.max(0, host.clientHeight - axisHeight);
    return { width, height, axisWidth, axisHeight, isDraggable: this.#isDraggable, zone, logTicks };
  }

  #listen(element: PlotlyHost, signal: AbortSignal): void {
    const { host, onDrag, onDragged } = this.#options;
    element.on("plotly_relayouting", (event) => {
      const range = rangeOf(event);
      if (range) onDrag(range);
    });
    element.on("plotly_relayout", (event) => {
      const range = rangeOf(event);
      if (range && this.#ownChanges === 0) onDragged(range);
    });
    let [width, height] = [host.clientWidth, host.clientHeight];
    const resizing = new ResizeObserver(() => {
      if (host.clientWidth === width && host.clientHeight === height) return;
      [width, height] = [host.clientWidth, host.clientHeight];
      this.#resize();
    });
    resizing.observe(host);
    watchColors(() => this.#draw(), signal);
    signal.addEventListener("abort", () => {
      resizing.disconnect();
      clear(this.#options);
    }, { once: true });
  }

  #resize(): void {
    const { plotly, host } = this.#options;
    if (host.clientWidth === 0) return;
    const box = this.#box();
    const { window, last } = this.#scene;
    const change = { ...windowChange(window, box, last), "margin.r": box.axisWidth };
    void this.#change(() => plotly.Plots.resize(host).then(() => plotly.relayout(host, change)));
  }
}

/** Removes a plot, even a partially created one. */
function clear({ plotly, host }: KlinePlotOptions): void {
  try {
    plotly.purge(host);
  } catch {
    // A plot that was not created cannot be purged.
  }
  host.replaceChildren();
}

function failureText(error: unknown): string {
  return `Cannot draw the chart: ${messageOf(error)}`;
}

/** Bars are never modified, so the first, the last and the number identify them. */
function isSame(a: readonly Candle[], b: readonly Candle[]): boolean {
  return a === b || (a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1));
}

function rangeOf(event: Record<string, unknown>): TimeRange | undefined {
  const [from, to] = [event["xaxis.range[0]"], event["xaxis.range[1]"]];
  if (typeof from !== "string" || typeof to !== "string") return undefined;
  const range = { from: fromPlotlyTime(from), to: fromPlotlyTime(to) };
  return range.from < range.to ? range : undefined;
}

import { readChartColors, readTokens, watchColors } from "./chart_colors.ts";
import { type PieSlice, toPieLayout, toPieTraces } from "./pie_figure.ts";
import { type Plotly, PLOTLY_CONFIG } from "./plotly.ts";

export interface PiePlotOptions {
  readonly plotly: Plotly;
  readonly host: HTMLElement;
  readonly slices: readonly PieSlice[];
  /** Called with the slice under the pointer. */
  readonly onPoint: (index: number | undefined) => void;
}

/** Tokens of the coins' colours. */
const COINS = Array.from({ length: 10 }, (_, i) => `coin-${i + 1}`);

/** A ring drawn by Plotly. */
export class PiePlot {
  #slices: readonly PieSlice[];
  readonly #options: PiePlotOptions;

  private constructor(options: PiePlotOptions) {
    this.#options = options;
    this.#slices = options.slices;
  }

  /** Draws the ring until `signal` aborts. */
  static async open(options: PiePlotOptions, signal: AbortSignal): Promise<PiePlot> {
    const { plotly, host, onPoint } = options;
    const plot = new PiePlot(options);
    const element = await plotly.newPlot(host, ...plot.#figure(), PLOTLY_CONFIG);
    if (signal.aborted) {
      plotly.purge(host);
      throw signal.reason;
    }
    element.on("plotly_hover", ({ points }) => onPoint(points[0]?.pointNumber));
    element.on("plotly_unhover", () => onPoint(undefined));
    const resizing = new ResizeObserver(() => host.clientWidth && void plotly.Plots.resize(host));
    resizing.observe(host);
    watchColors(() => void plot.#draw(), signal);
    signal.addEventListener("abort", () => {
      resizing.disconnect();
      plotly.purge(host);
    }, { once: true });
    return plot;
  }

  async update(slices: readonly PieSlice[]): Promise<void> {
    this.#slices = slices;
    await this.#draw();
  }

  #figure() {
    const { host } = this.#options;
    const colors = readChartColors(host);
    const coins = readTokens(host, COINS);
    return [toPieTraces(this.#slices, colors, coins), toPieLayout(colors)] as const;
  }

  async #draw(): Promise<void> {
    const { plotly, host } = this.#options;
    await plotly.react(host, ...this.#figure(), PLOTLY_CONFIG);
  }
}

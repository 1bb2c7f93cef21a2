/** The part of Plotly 4 that wick uses; the finance bundle ships no types. */
export interface Plotly {
  newPlot(host: HTMLElement, data: Trace[], layout: Layout, config: Config): Promise<PlotlyHost>;
  react(host: HTMLElement, data: Trace[], layout: Layout, config: Config): Promise<PlotlyHost>;
  relayout(host: HTMLElement, change: LayoutChange): Promise<PlotlyHost>;
  toImage(figure: { data: Trace[]; layout: Layout }, options: ImageOptions): Promise<string>;
  purge(host: HTMLElement): void;
  readonly Plots: { resize(host: HTMLElement): Promise<void> };
}

export interface ImageOptions {
  readonly format: "png";
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

export type Trace = Readonly<Record<string, unknown>>;
export type Layout = Readonly<Record<string, unknown>>;
export type Config = Readonly<Record<string, unknown>>;
/** Keys are paths such as `xaxis.range`. */
export type LayoutChange = Readonly<Record<string, unknown>>;

/** The element of a plot. */
export interface PlotlyHost extends HTMLElement {
  on(event: "plotly_hover" | "plotly_click", listener: (event: PointEvent) => void): void;
  on(event: "plotly_unhover" | "plotly_doubleclick", listener: () => void): void;
  on(
    event: "plotly_relayout" | "plotly_relayouting",
    listener: (event: Record<string, unknown>) => void,
  ): void;
}

export interface PointEvent {
  readonly points: readonly { readonly pointNumber: number }[];
}

/** Options of all plots: no pop-ups, and no toolbar, which would have a logo and a cloud button. */
export const PLOTLY_CONFIG: Config = {
  displayModeBar: false,
  displayNotifier: false,
  doubleClick: false,
  showAxisDragHandles: false,
  showTips: false,
};

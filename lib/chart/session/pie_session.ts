import { loadPlotly } from "../plotly/load_plotly.ts";
import type { PieSlice } from "../plotly/pie_figure.ts";
import { PiePlot } from "../plotly/pie_plot.ts";
import { whenWanted } from "./when_wanted.ts";

export interface PieSessionOptions {
  readonly host: HTMLElement;
  readonly plotlyHref: string;
  /** As they are by then. */
  readonly slices: () => readonly PieSlice[];
  readonly onPoint: (index: number | undefined) => void;
}

/**
 * Brings the ring to life once the page is painted.
 *
 * @throws when Plotly cannot be loaded: the server's picture stays
 */
export async function openPieSession(
  { host, plotlyHref, slices, onPoint }: PieSessionOptions,
  signal: AbortSignal,
): Promise<PiePlot> {
  await whenWanted(host.parentElement ?? host, signal);
  const plotly = await loadPlotly(plotlyHref);
  signal.throwIfAborted();
  return await PiePlot.open({ plotly, host, slices: slices(), onPoint }, signal);
}

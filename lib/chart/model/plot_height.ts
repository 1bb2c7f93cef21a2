import type { PlotShape } from "./chart_window.ts";

/** Variants of the server's picture: desktop or phone. */
export type PictureWidth = "wide" | "narrow";

/**
 * Height of the plot in px, as in the stylesheet: one unit of a picture is one px, so edges are
 * sharp.
 */
const HEIGHT: Record<PictureWidth, number> = { wide: 480, narrow: 380 };
/** Additional height of the RSI pane. */
const RSI_HEIGHT = 80;

export function plotHeight(width: PictureWidth, { hasRsi }: PlotShape): number {
  return HEIGHT[width] + (hasRsi ? RSI_HEIGHT : 0);
}

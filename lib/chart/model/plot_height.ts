import type { PlotShape } from "./chart_window.ts";

/** Variants of the server's picture: desktop or phone. */
export type PictureWidth = "wide" | "narrow";

/**
 * Units of a picture's height. On desktops a unit is one px, so edges are sharp; on smaller screens
 * the stylesheet derives the plot's height from the screen's, and the picture stretches.
 */
const HEIGHT = 480;
/** Additional height of the RSI pane. */
const RSI_HEIGHT = 80;

export function plotHeight({ hasRsi }: PlotShape): number {
  return HEIGHT + (hasRsi ? RSI_HEIGHT : 0);
}

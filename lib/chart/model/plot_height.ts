import type { PlotShape } from "../model/chart_window.ts";

/** Which of the server's pictures: for desks, or for phones. */
export type PictureWidth = "wide" | "narrow";

/** Of the plot in px, as the stylesheet has it: one unit of a picture is one px, so edges are sharp. */
const HEIGHT: Record<PictureWidth, number> = { wide: 480, narrow: 380 };
/** More where RSI has a pane. */
const RSI_HEIGHT = 80;

export function plotHeight(width: PictureWidth, { hasRsi }: PlotShape): number {
  return HEIGHT[width] + (hasRsi ? RSI_HEIGHT : 0);
}

import type { ChartColors } from "./chart_colors.ts";
import { DONUT_HOLE, DONUT_RADIUS } from "../model/donut_arcs.ts";
import type { Layout, Trace } from "./plotly.ts";

/** A slice. */
export interface PieSlice {
  readonly name: string;
  readonly value: number;
  /** Number of its colour, from 1 on. */
  readonly colour: number;
}

/** Space around the ring, as in the server's picture, in percent of the box. */
const EDGE = 4 / (DONUT_RADIUS + 4) / 2;

/**
 * A ring in the given order; labels and values are drawn next to it. `coins` are the colours by
 * number.
 */
export function toPieTraces(
  slices: readonly PieSlice[],
  colors: ChartColors,
  coins: readonly string[],
): Trace[] {
  return [{
    type: "pie",
    labels: slices.map(({ name }) => name),
    values: slices.map(({ value }) => value),
    marker: {
      colors: slices.map(({ colour }) => coins[colour - 1] ?? colors.text),
      line: { color: colors.surface, width: 1.5 },
    },
    hole: DONUT_HOLE,
    sort: false,
    direction: "clockwise",
    textinfo: "none",
    hoverinfo: "none",
    domain: { x: [EDGE, 1 - EDGE], y: [EDGE, 1 - EDGE] },
  }];
}

export function toPieLayout({ fontFamily, text }: ChartColors): Layout {
  return {
    autosize: true,
    margin: { l: 0, t: 0, r: 0, b: 0, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: fontFamily, size: 11, color: text },
    showlegend: false,
  };
}

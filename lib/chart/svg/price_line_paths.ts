import type { Candle } from "../model/candle.ts";
import { type ChartWindow, priceShare, yOf } from "../model/chart_window.ts";
import { type LinePoint, type LineSide, toPriceLines } from "../model/price_line.ts";
import { drawingWidth } from "./candle_paths.ts";
import { hundredth, pair, short } from "./path_text.ts";
import { thinned, toPiece } from "./study_paths.ts";

/** One side of a line chart, in the units of `toMarkPaths`. */
export interface PriceLinePath {
  readonly side: LineSide;
  /** The space to the base or the bottom; empty for lines. */
  readonly fill: string;
  readonly line: string;
  /** Points without length, which round ends make visible. */
  readonly dots: string;
}

export interface PriceLineDrawing {
  readonly sides: readonly PriceLinePath[];
  /** The price that a baseline chart compares with. */
  readonly base: string;
}

/** Draws the closes of `bars` as lines in a drawing `height` units high. */
export function toPriceLinePaths(
  bars: readonly Candle[],
  window: ChartWindow,
  height: number,
): PriceLineDrawing {
  const { sides, base, isFilled } = toPriceLines(bars, window);
  const toPoint = ({ time, price }: LinePoint) => ({
    x: (time - window.from) / window.stepMs,
    y: yOf(window, price) * height,
  });
  const floor = Math.round((base === undefined ? priceShare(window) : yOf(window, base)) * height);
  return {
    sides: sides.map(({ side, lines, dots }) => {
      const pieces = lines.map((line) => thinned(line.map(toPoint), TOLERANCE));
      const fills = pieces.map((piece) =>
        `${toPiece(piece)}V${floor}H${short(hundredth(piece[0]!.x))}z`
      );
      return {
        side,
        fill: isFilled ? fills.join("") : "",
        line: pieces.map(toPiece).join(""),
        dots: dots.map(toPoint).map(({ x, y }) => `M${pair(hundredth(x), Math.round(y))}h.01`)
          .join(""),
      };
    }),
    base: base === undefined ? "" : `M0 ${floor}H${drawingWidth(window)}`,
  };
}

/** Tolerance of a line in units, which is invisible. */
const TOLERANCE = 0.5;

import type { Candle } from "../../../chart/model/candle.ts";
import type { ChartWindow } from "../../../chart/model/chart_window.ts";
import { drawingWidth } from "../../../chart/svg/candle_paths.ts";
import { toPriceLinePaths } from "../../../chart/svg/price_line_paths.ts";

export interface PriceLinesProps {
  readonly window: ChartWindow;
  readonly bars: readonly Candle[];
  /** Of the drawing, in its units. */
  readonly height: number;
}

/** Closes as lines, for chart types without a mark per bar. */
export function PriceLines({ window, bars, height }: PriceLinesProps) {
  const { sides, base } = toPriceLinePaths(bars, window, height);
  return (
    <svg
      class="price-lines"
      viewBox={`0 0 ${drawingWidth(window)} ${height}`}
      preserveAspectRatio="none"
    >
      {sides.map(({ side, fill }) =>
        fill && <path key={side} class={`price-fill side-${side}`} d={fill} />
      )}
      {base && <path class="price-base" d={base} />}
      {sides.map(({ side, line, dots }) => (
        <g key={side}>
          <path class={`price-line side-${side}`} d={line} />
          {dots && <path class={`price-dot side-${side}`} d={dots} />}
        </g>
      ))}
    </svg>
  );
}

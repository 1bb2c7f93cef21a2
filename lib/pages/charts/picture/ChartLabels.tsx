import type { Candle } from "../../../chart/model/candle.ts";
import {
  type ChartWindow,
  isLine,
  percent,
  PRICE_SHARE,
  VOLUME_TOP,
} from "../../../chart/model/chart_window.ts";
import type { ChartGap } from "../../../chart/model/chart_gap.ts";
import { ExtremeLabels } from "./ExtremeLabels.tsx";
import { GapNotes } from "./GapBands.tsx";

export interface ChartLabelsProps {
  readonly window: ChartWindow;
  /** Ascending, at least one. */
  readonly bars: readonly Candle[];
  readonly gaps: readonly ChartGap[];
  readonly decimals: number;
}

/** Labels over the candles. */
export function ChartLabels({ window, bars, gaps, decimals }: ChartLabelsProps) {
  return (
    <>
      <GapNotes window={window} gaps={gaps} />
      {!isLine(window) && <ExtremeLabels window={window} bars={bars} decimals={decimals} />}
      <VolumeLabel />
    </>
  );
}

/** Label of the lower pane, and the line above it. */
function VolumeLabel() {
  const edge = percent((PRICE_SHARE + VOLUME_TOP) / 2);
  return (
    <g class="pane-label">
      <line x2="100%" y1={edge} y2={edge} />
      <text x="12" dy="1em" y={percent(VOLUME_TOP)}>Volume</text>
    </g>
  );
}

import type { Candle } from "../../../chart/model/candle.ts";
import type { ChartWindow } from "../../../chart/model/chart_window.ts";
import type { Hole } from "../../../chart/model/hole.ts";
import { ExtremeLabels } from "./ExtremeLabels.tsx";
import { HoleNotes } from "./HoleBands.tsx";
import { VolumeLabel } from "./VolumeLabel.tsx";

export interface ChartLabelsProps {
  readonly window: ChartWindow;
  /** Ascending, at least one. */
  readonly bars: readonly Candle[];
  readonly holes: readonly Hole[];
  readonly decimals: number;
}

/** Words over the candles. */
export function ChartLabels({ window, bars, holes, decimals }: ChartLabelsProps) {
  return (
    <>
      <HoleNotes window={window} holes={holes} />
      <ExtremeLabels window={window} bars={bars} decimals={decimals} />
      <VolumeLabel />
    </>
  );
}

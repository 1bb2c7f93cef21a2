import type { KlineView } from "../../../chart/plotly/kline_views.ts";
import type { Overlay } from "../../../core/overlay.ts";
import { ImportedMarks } from "./ImportedMarks.tsx";
import { RsiPane } from "./StudyLines.tsx";

export interface UnderPlotProps {
  readonly view: KlineView;
  readonly overlays: readonly Overlay[];
}

/** Parts of the chart below Plotly's candles that most charts do not have. */
export function UnderPlot({ view, overlays }: UnderPlotProps) {
  const { window } = view;
  const hasRsi = overlays.some(({ kind }) => kind === "rsi");
  return (
    <>
      <ImportedMarks {...view} id="live" />
      {hasRsi && <RsiPane window={window} overlays={overlays} />}
    </>
  );
}

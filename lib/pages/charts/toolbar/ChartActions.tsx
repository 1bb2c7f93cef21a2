import type { ComponentChildren } from "preact";
import { type CsvFile, CsvLink } from "./CsvLink.tsx";

export interface ChartActionsProps {
  /** Links through time. */
  readonly moves: ComponentChildren;
  /** Beside the moves: what changes how the chart is handled. */
  readonly tools: ComponentChildren;
  /** The file of the candles in view. */
  readonly viewCsv: ComponentChildren;
  readonly wholeCsv: CsvFile;
  /** More ways to the data. */
  readonly children: ComponentChildren;
}

/** Moves and downloads under the chart. */
export function ChartActions(props: ChartActionsProps) {
  const { moves, tools, viewCsv, wholeCsv, children } = props;
  return (
    <div class="actions">
      {moves}
      {tools}
      <div class="downloads">
        {viewCsv}
        <CsvLink {...wholeCsv} name="Full CSV" title="Every candle stored" action="csv-all" />
        {children}
      </div>
    </div>
  );
}

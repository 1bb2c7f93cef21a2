import type { Candle } from "../../../chart/model/candle.ts";
import type { ChartWindow } from "../../../chart/model/chart_window.ts";
import { plotHeight } from "../../../chart/model/plot_height.ts";
import { drawingWidth, toMarkPaths, toVolumePath } from "../../../chart/svg/candle_paths.ts";
import { Bodies } from "./Bodies.tsx";

export interface ImportedMarksProps {
  /** Prefix of the IDs of elements drawn twice. */
  readonly id: string;
  readonly window: ChartWindow;
  readonly bars: readonly Candle[];
  /** Of the plot, in px. */
  readonly height?: number;
}

/**
 * The imported ones of `bars`, in grey and with dashed sides: a falling one is tinted, a rising one
 * hollow. Part of the server's picture, and below Plotly's candles.
 */
export function ImportedMarks({ id, window, bars, height: given }: ImportedMarksProps) {
  const { from, to, stepMs } = window;
  const seen = bars.filter(({ openTime, isImported }) =>
    isImported && openTime > from - stepMs && openTime < to + stepMs
  );
  if (seen.length === 0) return null;
  const height = given ?? plotHeight(window);
  const marks = toMarkPaths(seen, { ...window, type: "candles" }, height);
  const volume = toVolumePath(seen, window, height);
  const wicks = marks.filter(({ kind }) => kind === "wick").map(({ path }) => path);
  return (
    <svg
      class="marks imported"
      viewBox={`0 0 ${drawingWidth(window)} ${height}`}
      preserveAspectRatio="none"
    >
      <path class="volume" transform={`matrix(1 0 0 -1 0 ${height})`} d={volume} />
      <path class="wick-up" d={wicks.join("")} />
      {marks.filter(({ kind }) => kind !== "wick").map((mark) => (
        <Bodies key={mark.side} id={`${id}-i${mark.side[0]}`} {...mark} />
      ))}
    </svg>
  );
}

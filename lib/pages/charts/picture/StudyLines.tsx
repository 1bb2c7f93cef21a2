import type { Candle } from "../../../chart/model/candle.ts";
import {
  type ChartWindow,
  percent,
  priceShare,
  RSI_TOP,
  rsiY,
} from "../../../chart/model/chart_window.ts";
import { type Overlay, overlayLabel } from "../../../core/overlay.ts";
import { hundredth } from "../../../chart/svg/path_text.ts";
import type { Study } from "../../../chart/model/study.ts";
import { type StudyDrawing, toStudyPaths } from "../../../chart/svg/study_paths.ts";

export interface StudyLinesProps {
  readonly window: ChartWindow;
  readonly bars: readonly Candle[];
  /** One value for each of `bars`. */
  readonly studies: readonly Study[];
  readonly drawing: StudyDrawing;
}

/** Overlays over the candles, and RSI in its pane; each has its own colour and dash. */
export function StudyLines({ window, bars, studies, drawing }: StudyLinesProps) {
  if (studies.length === 0) return null;
  const width = hundredth((window.to - window.from) / window.stepMs);
  return (
    <>
      {window.hasRsi && (
        <RsiPane
          overlays={studies.map(({ overlay }) => overlay)}
          window={window}
        />
      )}
      <svg class="studies" viewBox={`0 0 ${width} ${drawing.height}`} preserveAspectRatio="none">
        {toStudyPaths(studies, bars, window, drawing).map(({ index, part, path }) => (
          <path key={`${index}${part}`} class={`study study-${index + 1} study-${part}`} d={path} />
        ))}
      </svg>
    </>
  );
}

/** RSI levels that count as low and high. */
const RSI_LEVELS = [30, 70];

export interface RsiPaneProps {
  readonly window: ChartWindow;
  readonly overlays: readonly Overlay[];
}

/** Name and levels of the RSI pane. */
export function RsiPane({ overlays, window }: RsiPaneProps) {
  const names = overlays.filter(({ kind }) => kind === "rsi").map(overlayLabel);
  const edge = percent((priceShare(window) + RSI_TOP) / 2);
  const [low, high] = RSI_LEVELS.map((level) => percent(rsiY(level))) as [string, string];
  return (
    <g class="pane-label rsi-pane">
      <rect class="rsi-band" y={high} width="100%" height={percent(rsiY(30) - rsiY(70))} />
      <line x2="100%" y1={edge} y2={edge} />
      <line class="rsi-level" x2="100%" y1={low} y2={low} />
      <line class="rsi-level" x2="100%" y1={high} y2={high} />
      <text x="12" dy="1em" y={percent(RSI_TOP)}>{names.join(", ")}</text>
    </g>
  );
}

/** RSI levels on the price axis. */
export function RsiTicks() {
  return (
    <g class="ticks" transform="translate(9 0)">
      {RSI_LEVELS.map((level) => <text key={level} y={percent(rsiY(level))}>{level}</text>)}
    </g>
  );
}

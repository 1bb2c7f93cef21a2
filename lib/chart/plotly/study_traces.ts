import type { Candle } from "../model/candle.ts";
import { plotlyTime } from "./kline_figure.ts";
import type { Trace } from "./plotly.ts";
import type { Study, StudyLine } from "../model/study.ts";

/** Style of a line, from the stylesheet. */
export interface LineStyle {
  readonly color: string;
  readonly width: number;
  /** `solid`, or lengths in px: `5px,3px`. */
  readonly dash: string;
  readonly opacity: number;
}

/** Reads the style of part `part` of the study at `index`, inside `parent`. */
export function readLineStyle(
  parent: HTMLElement,
  index: number,
  part: StudyLine["part"],
): LineStyle {
  const probe = document.createElementNS("http://www.w3.org/2000/svg", "path");
  probe.setAttribute("class", `study study-${index + 1} study-${part}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "studies unseen");
  svg.append(probe);
  parent.append(svg);
  const { stroke, strokeWidth, strokeDasharray, opacity } = getComputedStyle(probe);
  const style = {
    color: stroke,
    width: Number.parseFloat(strokeWidth) || 1,
    dash: strokeDasharray === "none" ? "solid" : strokeDasharray.replaceAll(" ", ""),
    opacity: Number(opacity),
  };
  svg.remove();
  return style;
}

/** Lines over the candles; `studies` have one value for each of `bars`. */
export function toStudyTraces(
  bars: readonly Candle[],
  studies: readonly Study[],
  styleOf: (index: number, part: StudyLine["part"]) => LineStyle,
): Trace[] {
  const x = bars.map(({ openTime }) => plotlyTime(openTime));
  return studies.flatMap(({ overlay, lines }, index) =>
    lines.map(({ part, values }) => {
      const { opacity, ...line } = styleOf(index, part);
      return {
        type: "scatter",
        mode: "lines",
        x,
        y: values.map((value) => value ?? null),
        yaxis: overlay.kind === "rsi" ? "y3" : "y",
        connectgaps: false,
        hoverinfo: "skip",
        opacity,
        line,
      };
    })
  );
}

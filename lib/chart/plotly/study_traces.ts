import type { Candle } from "../model/candle.ts";
import { type PlotShape, PRICE_SHARE, RSI_TOP } from "../model/chart_window.ts";
import { plotlyTime } from "./kline_figure.ts";
import { readPathStyle } from "./path_style.ts";
import type { Layout, Trace } from "./plotly.ts";
import type { Study, StudyLine } from "../model/study.ts";

/** RSI levels that count as low and high. */
const RSI_LEVELS = [30, 70];

/** `layout` with the axis of RSI, if there is any. */
export function withRsiAxis(layout: Layout, { hasRsi }: PlotShape): Layout {
  if (!hasRsi) return layout;
  return {
    ...layout,
    yaxis3: {
      ...layout.yaxis as object,
      type: "linear",
      anchor: "x",
      range: [0, 100],
      domain: [1 - PRICE_SHARE, 1 - RSI_TOP],
      showgrid: false,
      tickvals: RSI_LEVELS,
      ticktext: RSI_LEVELS,
    },
  };
}

/** Lines over the candles, styled as inside `host`; `studies` have one value for each of `bars`. */
export function toStudyTraces(
  bars: readonly Candle[],
  studies: readonly Study[],
  host: HTMLElement,
): Trace[] {
  const styleOf = (index: number, part: StudyLine["part"]) =>
    readPathStyle(host, "studies", `study study-${index + 1} study-${part}`);
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

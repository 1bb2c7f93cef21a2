import { type EpochMs, toIso } from "../../core/time.ts";
import { PRICE_TICKS, windowTicks } from "../model/axis_ticks.ts";
import type { logTicks } from "../model/log_ticks.ts";
import { type Candle, drawnOf, isHigher, type Prices } from "../model/candle.ts";
import type { ChartColors } from "./chart_colors.ts";
import {
  BODY,
  type ChartWindow,
  type DrawnBars,
  isNear,
  priceShare,
  SLOT,
  VOLUME_TOP,
} from "../model/chart_window.ts";
import { compactText } from "../../core/text/number_text.ts";
import type { Layout, LayoutChange, Trace } from "./plotly.ts";
import { toVolumeSteps } from "../model/volume_steps.ts";
import { type Zone, zonedTicks } from "../model/zone.ts";

/**
 * Minimum width of a time tick and height of an additional price tick in px, and maximum number of
 * time ticks.
 */
const TIME_TICK = 55;
const PRICE_TICK = 80;
const MAX_TIME_TICKS = 13;

/** Plots below this width in px use the phone layout. */
const NARROW_WIDTH = 480;

/** Position of the volume label: inside its pane, not on its edge. */
const PEAK_LABEL = 0.92;

const BOXES = {
  type: "candlestick",
  hoverinfo: "skip",
  whiskerwidth: 0,
} as const;

/** Position of a plot on the page. */
export interface PlotBox {
  readonly width: number;
  readonly height: number;
  /** Width of the price axis and height of the time axis. */
  readonly axisWidth: number;
  readonly axisHeight: number;
  readonly isDraggable: boolean;
  /** For logarithmic scales. */
  readonly logTicks?: typeof logTicks | undefined;
  /** Time zone of the time axis. */
  readonly zone: Zone;
}

/** Candles above volume, as in the server's picture. */
export function toKlineTraces({ bars, stepMs }: PlottedBars, colors: ChartColors): Trace[] {
  const { up, upFill, down, downFill } = colors;
  return [
    toMarks(bars.filter(isHigher), up, upFill),
    toMarks(bars.filter((bar) => !isHigher(bar)), down, downFill),
    toVolume({ bars, stepMs }, colors),
    ...toSpacing({ bars, stepMs }),
  ];
}

export type PlottedBars = Pick<DrawnBars, "bars" | "stepMs">;

/**
 * Marks of bars in one colour. Plotly would colour a bar that has not changed by the close before
 * it, and the server's picture has no such rule.
 */
export function toMarks(bars: readonly Candle[], color: string, fillcolor: string): Trace {
  const prices = (name: keyof Prices) => bars.map((bar) => drawnOf(bar)[name]);
  const look = { line: { color, width: 1 }, fillcolor };
  return {
    ...BOXES,
    x: bars.map(({ openTime }) => plotlyTime(openTime)),
    open: prices("open"),
    high: prices("high"),
    low: prices("low"),
    close: prices("close"),
    increasing: look,
    decreasing: look,
  };
}

export function toVolume({ bars, stepMs }: PlottedBars, colors: ChartColors): Trace {
  const steps = toVolumeSteps(bars, stepMs);
  return {
    type: "scatter",
    mode: "lines",
    x: steps.map(({ time }) => plotlyTime(time)),
    y: steps.map(({ volume }) => volume),
    yaxis: "y2",
    hoverinfo: "skip",
    line: { shape: "hvh", width: 0 },
    fill: "tozeroy",
    fillcolor: colors.volume,
  };
}

/**
 * For a single bar, an invisible pair one step apart: Plotly derives the width of marks from their
 * smallest distance, and makes a single one 1 ms wide.
 */
export function toSpacing({ bars, stepMs }: PlottedBars): Trace[] {
  if (bars.length !== 1) return [];
  const [bar] = bars as [Candle];
  const pair = [bar, { ...bar, openTime: bar.openTime + stepMs }];
  return [{ ...toMarks(pair, "", ""), opacity: 0 }];
}

/** Width of a mark as a share of the smallest distance of two; months differ in length. */
export function markShare({ bars, stepMs }: PlottedBars): number {
  const distances = bars.slice(1).map(({ openTime }, i) => openTime - bars[i]!.openTime);
  return BODY / SLOT * (stepMs / Math.min(...distances) || 1);
}

export interface KlineLayoutOptions {
  /** Identifies the content: while it is unchanged, Plotly keeps the user's axis ranges. */
  readonly id: string;
  readonly window: ChartWindow;
  readonly box: PlotBox;
  readonly bars: readonly Candle[];
  /** The newest close, which has its own mark on the axis. */
  readonly last: number;
  readonly colors: ChartColors;
}

export function toKlineLayout(
  { id, window, bars, box, last, colors }: KlineLayoutOptions,
): Layout {
  const axis = { gridcolor: colors.grid, zeroline: false, showline: false, automargin: false };
  const onRight = { ...axis, side: "right", fixedrange: true, ...outerTicks(6) };
  const parts = windowParts(window, box, last);
  return {
    uirevision: id,
    autosize: true,
    margin: { l: 0, t: 0, r: box.axisWidth, b: box.axisHeight, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: colors.fontFamily, size: 11, color: colors.text },
    showlegend: false,
    dragmode: box.isDraggable ? "pan" : false,
    hovermode: false,
    boxgap: 1 - markShare({ bars, stepMs: window.stepMs }),
    boxgroupgap: 0,
    xaxis: {
      ...axis,
      ...parts.xaxis,
      ...outerTicks(3),
      type: "date",
      anchor: "y2",
      fixedrange: !box.isDraggable,
      rangeslider: { visible: false },
    },
    yaxis: {
      ...onRight,
      ...parts.yaxis,
      domain: [1 - priceShare(window), 1],
    },
    yaxis2: {
      ...onRight,
      ...parts.yaxis2,
      domain: [0, 1 - VOLUME_TOP],
      showgrid: false,
    },
  };
}

/** Layout changes for a new window. */
export function windowChange(window: ChartWindow, box: PlotBox, last: number): LayoutChange {
  const parts = Object.entries(windowParts(window, box, last));
  return Object.fromEntries(
    parts.flatMap(([axis, part]) =>
      Object.entries(part).map(([key, value]) => [`${axis}.${key}`, value])
    ),
  );
}

function windowParts(window: ChartWindow, box: PlotBox, last: number) {
  const room = Math.max(2, Math.floor(box.width / TIME_TICK));
  const width = box.width < NARROW_WIDTH ? "narrow" : "wide";
  const most = Math.min(room, MAX_TIME_TICKS);
  const times = zonedTicks(window.from, window.to, most, box.zone, width);
  const count = Math.max(PRICE_TICKS, Math.floor(box.height * priceShare(window) / PRICE_TICK));
  const prices = windowTicks(window, count, box.logTicks);
  const scale = window.isLog ? Math.log10 : (price: number) => price;
  const ticks = (values: unknown[], texts: string[]) => ({
    autorange: false,
    tickmode: "array",
    tickvals: values,
    ticktext: texts,
  });
  return {
    xaxis: {
      range: [plotlyTime(window.from), plotlyTime(window.to)],
      ...ticks(times.map(({ value }) => plotlyTime(value)), times.map(({ text }) => text)),
    },
    yaxis: {
      type: window.isLog ? "log" : "linear",
      range: [scale(window.low), scale(window.high)],
      ...ticks(
        prices.map(({ value }) => value),
        prices.map(({ value, text }) => isNear(window, value, last) ? "" : text),
      ),
    },
    yaxis2: {
      range: [0, window.peak],
      ...ticks([window.peak * PEAK_LABEL], [compactText(window.peak)]),
    },
  };
}

/** Invisible ticks that keep labels at a distance from the plot. */
function outerTicks(length: number) {
  return { ticks: "outside", ticklen: length, tickcolor: "rgba(0,0,0,0)" };
}

/** Always text: Plotly interprets numbers and dates in the browser's time zone. */
export function plotlyTime(time: EpochMs): string {
  return toIso(Math.round(time)).slice(0, -1);
}

/** Parses Plotly's times: `2025-05-30 09:00:00.1234`, shorter where digits are zero. */
export function fromPlotlyTime(text: string): EpochMs {
  const [day, clock = "00:00"] = text.split(/[ T]/);
  return Date.parse(`${day}T${clock}Z`);
}

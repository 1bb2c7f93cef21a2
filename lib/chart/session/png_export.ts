import { type ChartColors, readChartColors } from "../plotly/chart_colors.ts";
import { shownRangeOf } from "./shown_range.ts";
import { page, type RunningChart } from "./page_signals.ts";
import type { TimeRange } from "../../core/time.ts";
import { endOf } from "../../core/interval.ts";
import type { KlineView } from "../plotly/kline_views.ts";
import { type Zone, zonedMinute } from "../model/zone.ts";
import { minuteText } from "../../core/text/time_text.ts";
import type { Layout } from "../plotly/plotly.ts";
import { plotlyTime } from "../plotly/kline_figure.ts";
import type { Candle } from "../model/candle.ts";
import { GAP_REASON } from "../model/chart_gap.ts";
import { TYPE_NAME } from "../model/chart_type_text.ts";
import { BODY, type ChartWindow, SLOT } from "../model/chart_window.ts";

export interface NamedChart {
  /** `BTC/USDT` */
  readonly pair: string;
  readonly symbol: string;
  /** Source of the candles. */
  readonly source: string;
}

interface PngWords extends NamedChart {
  /** `UTC`, or the local time zone. */
  readonly zone: string;
}

const SCALE = 2;
const MARGIN = { t: 64, b: 64 } as const;

/** Saves the chart as a picture. */
export async function savePng(running: RunningChart, named: NamedChart): Promise<void> {
  const words = { ...named, zone: zoneName(page.zone.value) };
  const link = document.createElement("a");
  link.href = await toPng(running, words);
  link.download = pngName(running, words);
  link.click();
}

function zoneName({ isUtc }: Zone): string {
  return isUtc ? "UTC" : new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The chart as a picture that explains itself: title, zone, source and gaps are part of it. */
async function toPng({ chart, plot }: RunningChart, words: PngWords): Promise<string> {
  const { view } = chart;
  const { from, to } = shownRangeOf(chart);
  const shown = {
    from: from ?? view.window.from,
    to: to ?? endOf(chart.newest, view.interval),
  };
  const { plotly, host } = plot.stage;
  const [data, plain] = plot.figure();
  const layout = explained(plain, host, { view, shown, words });
  const { width, height } = layout as { width: number; height: number };
  return await plotly.toImage({ data, layout }, { format: "png", width, height, scale: SCALE });
}

/** `BTCUSDT_1h_2026-01-01_2026-01-31_UTC.png` */
function pngName({ chart }: RunningChart, { symbol, zone }: PngWords): string {
  const { from, to } = shownRangeOf(chart);
  const day = (time: number | undefined) => minuteText(time ?? chart.newest).slice(0, 10);
  return `${symbol}_${chart.view.interval}_${day(from)}_${day(to)}_${
    zone.replace(/\W+/g, "-")
  }.png`;
}

interface Explained {
  readonly view: KlineView;
  readonly shown: TimeRange;
  readonly words: PngWords;
}

function explained(layout: Layout, host: HTMLElement, options: Explained): Layout {
  const colors = readChartColors(host);
  const margin = layout.margin as Margin;
  const { window, gaps, bars } = options.view;
  const seen = gaps.filter(({ from, to }) => to > window.from && from < window.to);
  const imported = bars.filter(({ isImported, openTime }) =>
    isImported && openTime > window.from && openTime < window.to
  );
  return {
    ...layout,
    paper_bgcolor: colors.surface,
    width: host.clientWidth,
    height: host.clientHeight + MARGIN.t + MARGIN.b,
    autosize: false,
    margin: { ...margin, l: 16, t: MARGIN.t, b: margin.b + MARGIN.b },
    annotations: notes({ ...options, hasImported: imported.length > 0 }, seen, colors, margin.b),
    shapes: [
      ...seen.map((gap) => shade(gap, window.stepMs / 2, colors)),
      ...imported.flatMap((bar) => outline(bar, window, colors)),
    ],
  };
}

interface Margin {
  /** Height of the time axis. */
  readonly b: number;
}

interface HasImported {
  /** True if imported candles are in view. */
  readonly hasImported: boolean;
}

/** Title and range above the plot, source, zone and gaps below it. */
function notes(
  { view: { interval, perBar, window: { type } }, shown, words, hasImported }:
    & Explained
    & HasImported,
  seen: KlineView["gaps"],
  colors: ChartColors,
  axisHeight: number,
): object[] {
  const zone = page.zone.value;
  const length = perBar === 1 ? interval : `${perBar} × ${interval}`;
  const range = `${zonedMinute(shown.from, zone)} to ${zonedMinute(shown.to, zone)} ${words.zone}`;
  const missing = seen.reduce((sum, gap) => sum + gap.missing, 0);
  const note = {
    showarrow: false,
    xref: "paper",
    yref: "paper",
    x: 0,
    xanchor: "left",
    align: "left",
    font: { size: 11, color: colors.text },
  };
  const above = { ...note, y: 1, yanchor: "bottom" };
  return [
    {
      ...above,
      yshift: 24,
      // Not as <b>: Plotly would write a style attribute, which the policy forbids.
      font: { size: 18, color: colors.ink, weight: 600 },
      text: `${words.pair} ${length}${type === "candles" ? "" : `, ${TYPE_NAME[type]}`}`,
    },
    { ...above, yshift: 8, text: range },
    {
      ...note,
      y: 0,
      yanchor: "top",
      yshift: -axisHeight - 16,
      text: `${words.source}. Times are ${words.zone}. ` +
        (missing === 0 ? "No candle is missing." : `${missing} missing: ${reasons(seen)}.`) +
        (hasImported ? " Dashed grey candles: imported from a file." : ""),
    },
  ];
}

/** A band behind the candles where some are missing. */
function shade({ from, to }: TimeRange, half: number, colors: ChartColors): object {
  return {
    type: "rect",
    xref: "x",
    yref: "paper",
    y0: 0,
    y1: 1,
    layer: "below",
    x0: plotlyTime(from - half),
    x1: plotlyTime(to - half),
    fillcolor: colors.grid,
    line: { width: 0 },
  };
}

/** An imported candle, and its volume, as on the page: in grey with a dashed outline. */
function outline(
  { openTime, open, high, low, close, volume }: Candle,
  { stepMs }: ChartWindow,
  { text, surface, grid }: ChartColors,
): object[] {
  const half = stepMs * BODY / SLOT / 2;
  const line = { color: text, width: 1, dash: "2px,2px" };
  const [x, x0, x1] = [openTime, openTime - half, openTime + half].map(plotlyTime);
  const body = { type: "rect", xref: "x", x0, x1, line };
  return [
    { type: "line", xref: "x", yref: "y", x0: x, x1: x, y0: low, y1: high, line },
    { ...body, yref: "y", y0: open, y1: close, fillcolor: close < open ? grid : surface },
    ...volume > 0 ? [{ ...body, yref: "y2", y0: 0, y1: volume }] : [],
  ];
}

function reasons(gaps: KlineView["gaps"]): string {
  return [...new Set(gaps.map((gap) => GAP_REASON[gap.class]))].join("; ");
}

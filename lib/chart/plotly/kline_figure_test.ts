import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { UTC } from "../model/zone.ts";
import type { ChartColors } from "./chart_colors.ts";
import { windowOf } from "../model/chart_window.ts";
import {
  fromPlotlyTime,
  type PlotBox,
  plotlyTime,
  toKlineLayout,
  toKlineTraces,
  windowChange,
} from "./kline_figure.ts";

const start = parseTime("2025-05-01T22:00Z");
const bars = Array.from({ length: 50 }, (_, i): Candle => ({
  openTime: start + i * 3_600_000,
  open: 10,
  high: 12,
  low: 9,
  close: i % 2 ? 9.5 : 11,
  volume: i,
  quoteVolume: i,
  trades: 1,
  takerBuy: 1,
}));
const colors = { up: "teal", down: "red" } as ChartColors;
const box: PlotBox = {
  width: 1040,
  height: 480,
  axisWidth: 70,
  axisHeight: 26,
  isDraggable: true,
  zone: UTC,
};
const window = windowOf({ bars, stepMs: 3_600_000 });

const options = { id: "BTCUSDT|1h", window, bars, box, last: 9.5, colors };

Deno.test("toKlineTraces() contains each candle, and volume as one area, with times as text", () => {
  const [rising, falling, volume] = toKlineTraces({ bars, stepMs: 3_600_000 }, colors);
  assert.equal(rising!.type, "candlestick");
  assert.deepEqual((rising!.x as string[])[0], "2025-05-01T22:00:00.000");
  assert.deepEqual((falling!.x as string[])[0], "2025-05-01T23:00:00.000");
  assert.deepEqual([rising!, falling!].map(({ close }) => (close as number[]).length), [25, 25]);
  assert.deepEqual(volume!.line, { shape: "hvh", width: 0 });
  assert.deepEqual((volume!.y as number[]).slice(0, 3), [0, 0, 1]);
  assert.deepEqual((volume!.x as string[]).slice(0, 2), [
    "2025-05-01T21:00:00.000",
    "2025-05-01T22:00:00.000",
  ]);
});

Deno.test("toKlineTraces() draws an unchanged candle as rising, whatever the close before it", () => {
  const flat = { ...bars[2]!, open: 9, close: 9 };
  const [rising, falling] = toKlineTraces({ bars: [bars[0]!, flat], stepMs: 3_600_000 }, colors);
  assert.deepEqual([rising!.close, falling!.close], [[11, 9], []]);
  assert.deepEqual(rising!.increasing, rising!.decreasing);
});

Deno.test("marks have the width of a slot's body at any distance, also a single one", () => {
  const stepMs = 3_600_000;
  const [first, second] = bars as [Candle, Candle];
  const traces = (few: readonly Candle[]) => toKlineTraces({ bars: few, stepMs }, colors);
  assert.deepEqual([bars, [first, second], []].map((few) => traces(few).length), [3, 3, 3]);
  const { x, opacity } = traces([first])[3]!;
  assert.deepEqual(x, ["2025-05-01T22:00:00.000", "2025-05-01T23:00:00.000"]);
  assert.equal(opacity, 0);
  // Plotly multiplies the share by the smallest distance.
  const widths = [[first], [first, second], [first, bars[24]!], bars].map((few) => {
    const { boxgap } = toKlineLayout({ ...options, bars: few }) as { boxgap: number };
    const least = few === bars || few[1] === second || few.length === 1 ? 1 : 24;
    return Math.round((1 - boxgap) * least * 600) / 100;
  });
  assert.deepEqual(widths, [5, 5, 5, 5], "five sixths of a slot");
});

Deno.test("toKlineLayout() has no slider, no breaks, and the picture's ranges", () => {
  const layout = toKlineLayout(options) as Record<
    string,
    Record<string, unknown>
  >;
  assert.deepEqual(layout.xaxis!.rangeslider, { visible: false });
  assert.equal("rangebreaks" in layout.xaxis!, false);
  assert.deepEqual(layout.yaxis!.range, [window.low, window.high]);
  const [from, to] = layout.xaxis!.range as [string, string];
  assert.equal(fromPlotlyTime(from), Math.round(window.from));
  assert.equal(fromPlotlyTime(to), Math.round(window.to));
  assert.equal(layout.dragmode, "pan");
  assert.equal(toKlineLayout({ ...options, box: { ...box, isDraggable: false } }).dragmode, false);
});

Deno.test("windowChange() addresses ranges and ticks by their paths", () => {
  const change = windowChange(window, box, 10.02);
  assert.deepEqual(change["yaxis2.range"], [0, 49]);
  const prices = change["yaxis.ticktext"] as string[];
  assert.ok(
    prices.includes("11.0") && !prices.includes("10.0"),
    "10.0 is where the newest close is",
  );
  const texts = change["xaxis.ticktext"] as string[];
  assert.ok(texts.includes("2 May") && texts.includes("12:00"), texts.join());
});

Deno.test("fromPlotlyTime() parses every length that Plotly writes", () => {
  for (const text of ["2025-05-30", "2025-05-30 00:00", "2025-05-30 00:00:00.0004"]) {
    assert.equal(Math.floor(fromPlotlyTime(text)), parseTime("2025-05-30"), text);
  }
  assert.equal(fromPlotlyTime(plotlyTime(start)), start);
});

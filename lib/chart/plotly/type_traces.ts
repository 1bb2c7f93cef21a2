import { type Candle, isHigher, isUp } from "../model/candle.ts";
import type { ChartWindow } from "../model/chart_window.ts";
import { basePrice, type LinePoint, type PriceLine, toPriceLines } from "../model/price_line.ts";
import type { ChartColors } from "./chart_colors.ts";
import { markShare, plotlyTime, toMarks, toSpacing, toVolume } from "./kline_figure.ts";
import { readPathStyle } from "./path_style.ts";
import type { Trace } from "./plotly.ts";

/** The price that the chart compares with; `undefined` unless it is a baseline chart. */
export function baseOf(
  bars: readonly Candle[],
  { type, from }: Pick<ChartWindow, "type" | "from">,
): number | undefined {
  return type === "baseline" ? basePrice(bars, from) : undefined;
}

interface Scene {
  readonly bars: readonly Candle[];
  readonly window: ChartWindow;
}

/**
 * Prices of a chart other than candles, above volume. `undefined` for types whose marks are candles
 * with other prices.
 */
export function toTypeTraces(
  { bars, window }: Scene,
  colors: ChartColors,
  host: HTMLElement,
): Trace[] | undefined {
  const plotted = { bars, stepMs: window.stepMs };
  const volume = toVolume(plotted, colors);
  switch (window.type) {
    case "candles":
    case "heikin":
      return undefined;
    case "hollow":
      return [...hollowMarks(bars, colors), volume, ...toSpacing(plotted)];
    case "bars": {
      // Plotly takes the length of a tick as a share of the smallest distance of two.
      const kind = { type: "ohlc", tickwidth: markShare(plotted) / 2 };
      const side = (isRising: boolean, color: string) =>
        toMarks(bars.filter((bar) => isUp(bar) === isRising), color, color);
      const marks = [side(true, colors.up), side(false, colors.down), ...toSpacing(plotted)];
      return [...marks.map((trace) => ({ ...trace, ...kind })), volume];
    }
    case "line":
    case "area":
    case "baseline":
      return [...lineTraces({ bars, window }, host), volume];
  }
}

/** Filled when it falls, and coloured by the change since the close before. */
function hollowMarks(bars: readonly Candle[], { up, down, surface }: ChartColors): Trace[] {
  return [true, false].flatMap((isRise) => {
    const color = isRise ? up : down;
    const side = bars.filter((bar) => isHigher(bar) === isRise);
    return [
      toMarks(side.filter(isUp), color, surface),
      toMarks(side.filter((bar) => !isUp(bar)), color, color),
    ];
  });
}

const NO_HOVER = { type: "scatter", hoverinfo: "skip" } as const;

/** Fills below lines, lines and dots on them, and the base. */
function lineTraces({ bars, window }: Scene, host: HTMLElement): Trace[] {
  const { sides, base, isFilled } = toPriceLines(bars, window);
  const styleOf = (names: string) => readPathStyle(host, "price-lines", names);
  // Far below any window, on a logarithmic axis too.
  const floor = base ?? Math.min(...bars.map(({ close }) => close)) / 1e6;
  const fills = sides.map((side) =>
    fillTrace(side, floor, styleOf(`price-fill side-${side.side}`))
  );
  const lines = sides.flatMap((side) => [
    lineTrace(side.lines, styleOf(`price-line side-${side.side}`)),
    dotTrace(side, styleOf(`price-dot side-${side.side}`)),
  ]);
  const bases = base === undefined ? [] : [
    lineTrace([baseLine({ bars, window }, base)], styleOf("price-base")),
  ];
  return [...isFilled ? fills : [], ...bases, ...lines];
}

/** Beyond what a window around `bars` shows. */
function baseLine({ bars, window: { from, to } }: Scene, price: number): LinePoint[] {
  const [first, last] = [bars[0]!.openTime, bars.at(-1)!.openTime];
  return [{ time: first - (to - from), price }, { time: last + (to - from), price }];
}

type Style = ReturnType<typeof readPathStyle>;

function lineTrace(lines: PriceLine["lines"], { opacity, ...line }: Style): Trace {
  return { ...NO_HOVER, mode: "lines", connectgaps: false, ...pointsOf(lines), opacity, line };
}

/** The space between lines and a price. */
function fillTrace({ lines }: PriceLine, floor: number, { color, opacity }: Style): Trace {
  const shapes = lines.map((line) => [
    { time: line[0]!.time, price: floor },
    ...line,
    { time: line.at(-1)!.time, price: floor },
  ]);
  return {
    ...lineTrace(shapes, { color, opacity, width: 0, dash: "solid" }),
    fill: "toself",
    fillcolor: color,
  };
}

function dotTrace({ dots }: PriceLine, { color, width }: Style): Trace {
  const marker = { color, size: width };
  return { ...NO_HOVER, mode: "markers", ...pointsOf(dots.map((dot) => [dot])), marker };
}

/** Coordinates, with a break after each line. */
function pointsOf(lines: readonly (readonly LinePoint[])[]) {
  return {
    x: lines.flatMap((line) => [...line.map(({ time }) => plotlyTime(time)), null]),
    y: lines.flatMap((line) => [...line.map(({ price }) => price), null]),
  };
}

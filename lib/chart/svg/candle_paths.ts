import { type Candle, drawnOf, isHigher, isUp } from "../model/candle.ts";
import { BODY, type ChartWindow, SLOT, VOLUME_TOP, yOf } from "../model/chart_window.ts";
import { hundredth, pair, short } from "./path_text.ts";
import { toVolumeSteps } from "../model/volume_steps.ts";

/**
 * Marks of one colour and kind as one path, in a drawing that is one unit per slot wide. `wick`
 * consists of vertical lines, `bar` of lines with a tick on each side; `hollow` and `filled` of
 * lines that are as wide as a body and at least 1 long.
 */
export interface MarkPath {
  readonly kind: "wick" | "bar" | "hollow" | "filled";
  readonly side: "up" | "down";
  readonly path: string;
}

/** Width of the drawing in its own units. */
export function drawingWidth({ from, to, stepMs }: ChartWindow): number {
  return hundredth((to - from) / stepMs);
}

/**
 * Draws bars in whole units of a drawing `height` units high: few paths for many bars. Each mark is
 * relative to the previous one, which makes numbers short. Types that draw closes only have none.
 */
export function toMarkPaths(
  bars: readonly Candle[],
  window: ChartWindow,
  height: number,
): MarkPath[] {
  const draw = drawingOf(window, height);
  const rising = (bar: Candle) => isUp(drawnOf(bar));
  switch (window.type) {
    case "candles":
    case "heikin": {
      const [up, down] = parted(bars, rising);
      return [
        { kind: "wick", side: "up", path: toPath(up.filter(hasWick).map(draw.wick)) },
        { kind: "wick", side: "down", path: toPath(down.map(draw.wick)) },
        { kind: "hollow", side: "up", path: toPath(up.map(draw.body)) },
        { kind: "filled", side: "down", path: toPath(down.map(draw.body)) },
      ];
    }
    case "hollow":
      return hollowPaths(bars, draw);
    case "bars": {
      const [up, down] = parted(bars, rising);
      return [
        { kind: "bar", side: "up", path: toPath(up.map(draw.bar)) },
        { kind: "bar", side: "down", path: toPath(down.map(draw.bar)) },
      ];
    }
    case "line":
    case "area":
    case "baseline":
      return [];
  }
}

/** Filled when it falls, and coloured by the change since the close before. */
function hollowPaths(bars: readonly Candle[], draw: Drawing): MarkPath[] {
  const [higher, lower] = parted(bars, isHigher);
  return ([["up", higher], ["down", lower]] as const).flatMap(([side, some]): MarkPath[] => {
    const [hollow, filled] = parted(some, isUp);
    return [
      { kind: "wick", side, path: toPath(some.filter(hasWick).map(draw.wick)) },
      { kind: "hollow", side, path: toPath(hollow.map(draw.body)) },
      { kind: "filled", side, path: toPath(filled.map(draw.body)) },
    ];
  });
}

function parted(bars: readonly Candle[], is: (bar: Candle) => boolean): [Candle[], Candle[]] {
  return [bars.filter(is), bars.filter((bar) => !is(bar))];
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly draw: string;
  /** Position of the pen afterwards. */
  readonly endX: number;
  readonly end: number;
}

interface Drawing {
  readonly wick: (bar: Candle) => Mark;
  readonly body: (bar: Candle) => Mark;
  readonly bar: (bar: Candle) => Mark;
}

/** Length of a bar's tick in slots. */
const TICK = hundredth(BODY / SLOT / 2);

function drawingOf(window: ChartWindow, height: number): Drawing {
  const xOf = ({ openTime }: Candle) => hundredth((openTime - window.from) / window.stepMs);
  const y = (price: number) => Math.round(yOf(window, price) * height);
  const down = (bar: Candle, top: number, end: number): Mark => {
    const x = xOf(bar);
    return { x, y: top, endX: x, end, draw: `v${end - top}` };
  };
  return {
    wick(bar) {
      const { high, low } = drawnOf(bar);
      return down(bar, y(high), y(low));
    },
    body(bar) {
      const { open, close } = drawnOf(bar);
      return down(bar, y(Math.max(open, close)), y(Math.min(open, close)) + 1);
    },
    bar(bar) {
      const { open, high, low, close } = drawnOf(bar);
      const [x, opens, top, bottom, end] = [xOf(bar), y(open), y(high), y(low), y(close)];
      const rise = opens === top ? "" : `v${top - opens}`;
      const back = bottom === end ? "" : `v${end - bottom}`;
      const draw = `h${short(TICK)}${rise}v${bottom - top}${back}h${short(TICK)}`;
      return { x: hundredth(x - TICK), y: opens, endX: hundredth(x + TICK), end, draw };
    },
  };
}

function toPath(marks: readonly Mark[]): string {
  let [penX, penY] = [0, 0];
  return marks.map(({ x, y, draw, endX, end }, i) => {
    const move = i === 0 ? `M${pair(x, y)}` : `m${pair(hundredth(x - penX), y - penY)}`;
    [penX, penY] = [endX, end];
    return move + draw;
  }).join("");
}

/** Volume as one area, measured upwards from the bottom of the drawing. */
export function toVolumePath(
  bars: readonly Candle[],
  { stepMs, from, peak }: ChartWindow,
  height: number,
): string {
  const x = (time: number) => hundredth((time - from) / stepMs);
  const y = (volume: number) => Math.round(volume / peak * (1 - VOLUME_TOP) * height);
  const [first, ...steps] = toVolumeSteps(bars, stepMs);
  if (first === undefined) return "";
  let [time, penX, penY] = [first.time, x(first.time), 0];
  const rises = steps.map((step) => {
    const edge = x((time + step.time) / 2);
    const [dx, dy] = [hundredth(edge - penX), y(step.volume) - penY];
    time = step.time;
    if (dy === 0) return "";
    [penX, penY] = [edge, penY + dy];
    return `h${short(dx)}v${dy}`;
  });
  return `M${pair(x(first.time), 0)}${rises.join("")}z`;
}

function hasWick(bar: Candle): boolean {
  const { high, low } = drawnOf(bar);
  return high > low;
}

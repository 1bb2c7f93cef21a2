import type { EpochMs } from "../../core/time.ts";
import { type Candle, newestOwn } from "./candle.ts";
import type { ChartWindow } from "./chart_window.ts";
import { isApart } from "./bar_gap.ts";

/** A close, or the place where a line crosses the base. */
export interface LinePoint {
  readonly time: EpochMs;
  readonly price: number;
}

/** `above` and `below` the base of a baseline chart. */
export type LineSide = "line" | "above" | "below";

/** The closes of bars as lines, which end at gaps. */
export interface PriceLine {
  readonly side: LineSide;
  /** At least two points each. */
  readonly lines: readonly (readonly LinePoint[])[];
  /** Closes between two gaps. */
  readonly dots: readonly LinePoint[];
}

export interface PriceLines {
  readonly sides: readonly PriceLine[];
  /** The price that a baseline chart compares with. */
  readonly base: number | undefined;
  /** True if the space to the base, or else to the bottom, is filled. */
  readonly isFilled: boolean;
}

/** Lines of a chart whose type draws closes only; `bars` are ascending. */
export function toPriceLines(
  bars: readonly Candle[],
  { type, stepMs, from, isLog }: Pick<ChartWindow, "type" | "stepMs" | "from" | "isLog">,
): PriceLines {
  const isFilled = type !== "line";
  const pieces = unbroken(bars, stepMs);
  const base = type === "baseline" ? basePrice(bars, from) : undefined;
  if (base === undefined) return { sides: [sideOf("line", pieces, pieces)], base, isFilled };
  const parts = pieces.map((piece) => splitAt(piece, base, isLog));
  const isAbove = ([point]: readonly LinePoint[]) => point!.price >= base;
  return {
    sides: [
      sideOf("above", parts.flatMap(({ above }) => above), pieces.filter(isAbove)),
      sideOf("below", parts.flatMap(({ below }) => below), pieces.filter((one) => !isAbove(one))),
    ],
    base,
    isFilled,
  };
}

/** The price that a baseline chart compares with: the first close of the exchange in view. */
export function basePrice(bars: readonly Candle[], from: EpochMs): number | undefined {
  const own = ({ openTime, isImported }: Candle) => openTime >= from && !isImported;
  return (bars.find(own) ?? newestOwn(bars))?.close;
}

function sideOf(side: LineSide, lines: LinePoint[][], pieces: LinePoint[][]): PriceLine {
  return {
    side,
    lines: lines.filter(({ length }) => length > 1),
    dots: pieces.filter(({ length }) => length === 1).map(([point]) => point!),
  };
}

/** The closes of `bars`, a new piece after each gap. */
function unbroken(bars: readonly Candle[], stepMs: number): LinePoint[][] {
  const pieces: LinePoint[][] = [];
  bars.forEach((bar, i) => {
    const last = bars[i - 1];
    if (last === undefined || isApart(last, bar, stepMs)) pieces.push([]);
    pieces.at(-1)!.push({ time: bar.openTime, price: bar.close });
  });
  return pieces;
}

/** Splits a line where it crosses `base`, straight between two points of the price axis. */
function splitAt(line: readonly LinePoint[], base: number, isLog: boolean) {
  const split = { above: [] as LinePoint[][], below: [] as LinePoint[][] };
  const height = ({ price }: LinePoint) => isLog ? Math.log(price / base) : price - base;
  let part: LinePoint[] = [];
  line.forEach((point, i) => {
    const last = line[i - 1];
    const isAbove = point.price >= base;
    if (last === undefined || isAbove !== last.price >= base) {
      const crossing = last && crossingOf(last, point, { base, height });
      if (crossing && crossing.time > last.time) part.push(crossing);
      part = crossing && crossing.time < point.time ? [crossing] : [];
      split[isAbove ? "above" : "below"].push(part);
    }
    part.push(point);
  });
  return split;
}

interface Crossed {
  readonly base: number;
  /** Distance from the base as drawn. */
  readonly height: (point: LinePoint) => number;
}

function crossingOf(a: LinePoint, b: LinePoint, { base, height }: Crossed): LinePoint {
  const [from, to] = [height(a), height(b)];
  return { time: a.time + (b.time - a.time) * from / (from - to), price: base };
}

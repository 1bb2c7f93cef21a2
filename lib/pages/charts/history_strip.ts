import type { ChartGap, ChartGapClass } from "../../chart/model/chart_gap.ts";
import { lineThrough } from "../../chart/svg/path_text.ts";
import { countWhole, endOf, firstOpenFrom, type Interval } from "../../core/interval.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";

/** Size of the strip's drawing in its own units: prices above, coverage below. */
export const STRIP = { width: 1200, height: 44, floor: 32, bar: 8 } as const;

export interface StripSource {
  readonly interval: Interval;
  readonly rows: number;
  readonly firstOpenTime: EpochMs;
  readonly lastOpenTime: EpochMs;
  readonly listedAt: EpochMs | undefined;
  /** `HISTORY_SINCE`: start of the wanted history; 0: all of it. */
  readonly historySince: EpochMs;
  readonly gaps: readonly ChartGap[];
  /** Ascending. */
  readonly outline: readonly { readonly openTime: EpochMs; readonly close: number }[];
}

/** The full history of a series as one small picture. */
export interface Strip extends TimeRange {
  /** Area under the closes. */
  readonly area: string;
  /** The stored range. */
  readonly held: TimeRange;
  /** Missing candles by class, each one path of strokes. */
  readonly cuts: readonly { readonly class: ChartGapClass; readonly path: string }[];
  readonly years: readonly {
    readonly year: number;
    readonly from: EpochMs;
    readonly to: EpochMs;
  }[];
  /** Number of candles that the grid allows. */
  readonly expected: number;
  /** Stored share of them, as a fraction. */
  readonly share: number;
}

export function toStrip(source: StripSource): Strip {
  const { interval, rows, firstOpenTime, lastOpenTime, listedAt, gaps, outline } = source;
  const held = { from: firstOpenTime, to: endOf(lastOpenTime, interval) };
  const wantedFrom = listedAt === undefined
    ? firstOpenTime
    : firstOpenFrom(Math.max(listedAt, source.historySince), interval, firstOpenTime);
  const range = { from: Math.min(firstOpenTime, wantedFrom), to: held.to };
  const x = (time: EpochMs) => tenth((time - range.from) / (range.to - range.from) * STRIP.width);
  const inside = gaps.filter(({ from, to }) => to > range.from && from < range.to);
  const classes = [...new Set(inside.map((gap) => gap.class))];
  const expected = Math.max(rows, countWhole(range, interval));
  return {
    ...range,
    held,
    area: areaOf(outline, x),
    cuts: classes.map((kind) => ({
      class: kind,
      path: inside.filter((gap) => gap.class === kind)
        .map(({ from, to }) => {
          const left = x(Math.max(from, range.from));
          return `M${left} 0h${Math.max(1, tenth(x(Math.min(to, range.to)) - left))}`;
        }).join(""),
    })),
    years: yearTicks(range),
    expected,
    share: expected === 0 ? 1 : rows / expected,
  };
}

/** Prices of very different size use a logarithmic scale, or early ones would appear flat. */
const STEEP = 10;

function areaOf(outline: StripSource["outline"], x: (time: EpochMs) => number): string {
  const closes = outline.map(({ close }) => close);
  const [low, high] = [Math.min(...closes), Math.max(...closes)];
  if (outline.length < 2) return "";
  const scale = low > 0 && high / low >= STEEP ? Math.log : (price: number) => price;
  const range = scale(high) - scale(low) || 1;
  const y = (price: number) =>
    Math.round(STRIP.floor - 4 - (scale(price) - scale(low)) / range * (STRIP.floor - 6));
  const line = outline.map(({ openTime, close }) => [Math.round(x(openTime)), y(close)] as const);
  const [left, right] = [line[0]![0], line.at(-1)![0]];
  return `${lineThrough([[left, STRIP.floor], ...line, [right, STRIP.floor]])}z`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

interface YearTick extends TimeRange {
  readonly year: number;
}

/** The UTC calendar years that overlap a range; each cut to it. */
export function yearTicks({ from, to }: TimeRange): YearTick[] {
  const first = yearOf(from);
  const count = Math.max(0, yearOf(to - 1) - first + 1);
  return Array.from({ length: count }, (_, i) => ({
    year: first + i,
    from: Math.max(from, Date.UTC(first + i, 0)),
    to: Math.min(to, Date.UTC(first + i + 1, 0)),
  }));
}

function yearOf(time: EpochMs): number {
  return new Date(time).getUTCFullYear();
}

import assert from "node:assert/strict";
import type { ChartGap } from "../../chart/model/chart_gap.ts";
import { parseTime } from "../../core/time.ts";
import { STRIP, type StripSource, toStrip } from "./history_strip.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = parseTime("2024-01-01");

/** A hundred days with closes rising from 100 to 199. */
function source(change: Partial<StripSource> = {}): StripSource {
  return {
    interval: "1d",
    rows: 100,
    firstOpenTime: start,
    lastOpenTime: start + 99 * DAY,
    historySince: 0,
    listedAt: start,
    gaps: [],
    outline: Array.from({ length: 100 }, (_, i) => ({ openTime: start + i * DAY, close: 100 + i })),
    ...change,
  };
}

const gap = (from: number, missing: number, reason: ChartGap["class"]): ChartGap => ({
  from: start + from * DAY,
  to: start + (from + missing) * DAY,
  missing,
  class: reason,
});

/** Start and length of a path's strokes, in units. */
const strokes = (path: string) =>
  [...path.matchAll(/M(-?[\d.]+) 0h([\d.]+)/g)].map(([, x, length]) => [Number(x), Number(length)]);

/** Heights of an area's upper edge, and its corners on the floor. */
function edgeOf(area: string) {
  let [x, y] = [0, 0];
  const pairs = [...area.matchAll(/(-?\d+)[ ]?(-?\d+)/g)].map(([, dx, dy]) => {
    [x, y] = [x + Number(dx), y + Number(dy)];
    return [x, y];
  });
  return { corners: [pairs[0], pairs.at(-1)], heights: pairs.slice(1, -1).map(([, y]) => y!) };
}

Deno.test("toStrip() of a complete history has no cuts, and expects every candle", () => {
  const strip = toStrip(source());
  assert.deepEqual([strip.expected, strip.share, strip.cuts], [100, 1, []]);
  assert.deepEqual([strip.from, strip.to], [start, start + 100 * DAY]);
  assert.deepEqual(strip.held, { from: start, to: start + 100 * DAY });
});

Deno.test("toStrip() cuts gaps at their positions, by class, and ignores those outside history", () => {
  const strip = toStrip(source({
    rows: 85,
    gaps: [
      gap(-30, 10, "not_listed"),
      gap(10, 5, "exchange_outage"),
      gap(40, 5, "pending"),
      gap(50, 5, "exchange_outage"),
    ],
  }));
  assert.deepEqual(
    strip.cuts.map(({ class: reason, path }) => [reason, strokes(path)]),
    [
      ["exchange_outage", [[120, 60], [600, 60]]],
      ["pending", [[480, 60]]],
    ],
  );
  assert.deepEqual([strip.expected, strip.share], [100, 0.85]);
});

Deno.test("toStrip() draws a very short gap one unit wide", () => {
  const strip = toStrip(
    source({
      interval: "1h",
      rows: 2399,
      lastOpenTime: start + 100 * DAY - HOUR,
      gaps: [{ ...gap(50, 1, "pending"), to: start + 50 * DAY + HOUR }],
    }),
  );
  assert.deepEqual(strokes(strip.cuts[0]!.path), [[600, 1]]);
});

Deno.test("toStrip() begins at the listing, and counts uncollected candles as expected", () => {
  const strip = toStrip(source({ listedAt: start - 300 * DAY }));
  assert.equal(strip.from, start - 300 * DAY);
  assert.deepEqual([strip.expected, strip.share], [400, 0.25]);
  assert.deepEqual(strip.years.map(({ year }) => year), [2023, 2024]);
  assert.equal(edgeOf(strip.area).corners[0]![0], 0.75 * STRIP.width);
});

Deno.test("toStrip() begins at HISTORY_SINCE if that is after the listing", () => {
  const listedAt = start - 300 * DAY;
  const strip = toStrip(source({ listedAt, historySince: start - 10 * DAY }));
  assert.equal(strip.from, start - 10 * DAY);
  const whole = toStrip(source({ listedAt, historySince: start - 1 }));
  assert.deepEqual([whole.from, whole.share], [start, 1]);
});

Deno.test("toStrip() scales closes from floor to top, linearly or logarithmically", () => {
  const even = edgeOf(toStrip(source()).area);
  assert.deepEqual(even.corners, [[0, STRIP.floor], [1188, STRIP.floor]]);
  assert.deepEqual([even.heights[0], even.heights.at(-1)], [STRIP.floor - 4, 2]);
  assert.deepEqual(even.heights, even.heights.toSorted((a, b) => b - a));
  const outline = [1, 10, 100].map((close, i) => ({ openTime: start + i * DAY, close }));
  const steep = edgeOf(toStrip(source({ outline })).area);
  assert.deepEqual(steep.heights, [28, 15, 2], "a tenfold price is as high a step wherever it is");
  const flat = outline.map((point) => ({ ...point, close: 5 }));
  assert.deepEqual(edgeOf(toStrip(source({ outline: flat })).area).heights, [28, 28, 28]);
  assert.equal(toStrip(source({ outline: [] })).area, "");
});

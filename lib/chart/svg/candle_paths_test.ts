import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { ChartType } from "../../core/chart_address.ts";
import type { Candle } from "../model/candle.ts";
import { toDrawn } from "../model/drawn_prices.ts";
import { drawingWidth, type MarkPath, toMarkPaths, toVolumePath } from "./candle_paths.ts";
import { PLAIN, PRICE_SHARE, VOLUME_TOP, windowOf, xOf, yOf } from "../model/chart_window.ts";

const HOUR = 3_600_000;
const HEIGHT = 480;
const start = parseTime("2025-05-01");

function candle(hour: number, change: Partial<Candle> = {}): Candle {
  const base = {
    open: 100,
    high: 112,
    low: 95,
    close: 110,
    volume: 5,
    quoteVolume: 500,
    trades: 9,
    takerBuy: 2,
  };
  return { openTime: start + hour * HOUR, ...base, ...change };
}

/** Follows a path of relative moves; returns start and end of each mark. */
function marks(path: string): { x: number; y: number; toY: number }[] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([Mm])(-?[\d.]+)[ ]?(-?[\d.]+)([vV])(-?\d+)/g)]
    .map(([, move, dx, dy, draw, length]) => {
      [x, y] = move === "M" ? [+dx!, +dy!] : [x + +dx!, y + +dy!];
      const mark = { x: Math.round(x * 100) / 100, y, toY: draw === "V" ? +length! : y + +length! };
      y = mark.toY;
      return mark;
    });
}

const count = (path: string) => path.match(/[Mm]/g)?.length ?? 0;

/** Paths of `candles`, by kind and side. */
function pathsOf(candles: readonly Candle[], type: ChartType = "candles") {
  const bars = toDrawn(candles, { type, stepMs: HOUR });
  const window = windowOf({ bars, stepMs: HOUR, shape: { ...PLAIN, type } });
  const marks = toMarkPaths(bars, window, HEIGHT);
  const path = (kind: MarkPath["kind"], side: MarkPath["side"]) =>
    marks.find((mark) => mark.kind === kind && mark.side === side)?.path ?? "";
  return { window, path, volume: toVolumePath(bars, window, HEIGHT), marks };
}

Deno.test("toMarkPaths() draws each candle once, in the colour of its direction", () => {
  const candles = [candle(0), candle(1, { close: 97 }), candle(2, { close: 100 })];
  const { path, volume } = pathsOf(candles);
  assert.equal(count(path("hollow", "up")), 2);
  assert.equal(count(path("filled", "down")), 1);
  assert.equal(count(path("wick", "up")) + count(path("wick", "down")), 3);
  assert.equal(count(volume), 1);
});

Deno.test("toMarkPaths() positions bodies and wicks according to the window", () => {
  const candles = Array.from(
    { length: 60 },
    (_, i) => candle(i, { high: 112 + i, close: 101 + i }),
  );
  const { window, path } = pathsOf(candles);
  marks(path("wick", "up")).forEach((mark, i) => {
    const { openTime, high, low } = candles[i]!;
    assert.ok(Math.abs(mark.x - xOf(window, openTime) * drawingWidth(window)) < 0.006);
    assert.equal(mark.y, Math.round(yOf(window, high) * HEIGHT));
    assert.equal(mark.toY, Math.round(yOf(window, low) * HEIGHT));
    assert.ok(mark.toY <= PRICE_SHARE * HEIGHT);
  });
  const body = marks(path("hollow", "up"))[59]!;
  assert.equal(body.y, Math.round(yOf(window, 160) * HEIGHT));
  assert.equal(body.toY, Math.round(yOf(window, 100) * HEIGHT) + 1, "its lower edge is inside");
});

Deno.test("toMarkPaths() leaves gaps empty: time is linear", () => {
  const { path } = pathsOf([candle(0), candle(1), candle(40), candle(41)]);
  assert.deepEqual(marks(path("wick", "up")).map(({ x }) => x), [0.42, 1.42, 40.42, 41.42]);
});

Deno.test("toMarkPaths() colours hollow candles by the close before, and fills those that fall", () => {
  const { path, marks } = pathsOf([
    candle(0, { open: 100, close: 110 }),
    candle(1, { open: 112, close: 111 }),
    candle(2, { open: 99, close: 105 }),
    candle(3, { open: 104, close: 103 }),
    candle(9, { open: 100, close: 101 }),
  ], "hollow");
  const kinds = (["hollow", "filled"] as const).flatMap((kind) =>
    (["up", "down"] as const).map((side) => count(path(kind, side)))
  );
  assert.deepEqual(kinds, [2, 1, 1, 1], "after a gap its own open counts");
  assert.equal(marks.length, 6);
});

Deno.test("toMarkPaths() draws a bar with a tick at its open on the left, at its close on the right", () => {
  const { window, path } = pathsOf([candle(0), candle(1)], "bars");
  const y = (price: number) => Math.round(yOf(window, price) * HEIGHT);
  const [open, high, low, close] = [100, 112, 95, 110].map(y) as [number, number, number, number];
  const draw = `h.42v${high - open}v${low - high}v${close - low}h.42`;
  assert.equal(path("bar", "up"), `M33 ${open}${draw}m.16 ${open - close}${draw}`);
});

Deno.test("toMarkPaths() of Heikin-Ashi candles draws their own prices; lines have no marks", () => {
  const { window, path } = pathsOf([candle(0), candle(1, { close: 97 })], "heikin");
  const [, body] = marks(path("filled", "down"));
  assert.deepEqual([body!.y, body!.toY], [
    Math.round(yOf(window, 104.625) * HEIGHT),
    Math.round(yOf(window, 101) * HEIGHT) + 1,
  ]);
  for (const type of ["line", "area", "baseline"] as const) {
    assert.deepEqual(pathsOf([candle(0)], type).marks, []);
  }
});

Deno.test("toVolumePath() measures volume upwards, slot by slot, the largest to the top of its pane", () => {
  const volumes = [50, 100, 100];
  const { volume } = pathsOf(volumes.map((volume, i) => candle(i === 2 ? 4 : i, { volume })));
  const top = Math.round((1 - VOLUME_TOP) * HEIGHT);
  assert.equal(volume, `M29.42 0h.5v${top / 2}h1v${top / 2}h1v-${top}h2v${top}h1v-${top}z`);
});

Deno.test("toMarkPaths() draws an unchanged candle as a line, and no volume as nothing", () => {
  const still = candle(0, { open: 100, high: 100, low: 100, close: 100, volume: 0 });
  const { path, volume } = pathsOf([still]);
  assert.match(path("hollow", "up"), /v1$/);
  assert.equal(path("wick", "up"), "");
  assert.match(volume, /^M[\d.]+ 0z$/);
});

Deno.test("marks and volume of 300 candles take less than 7.5 kB, of bars less than 10.5 kB", () => {
  let price = 100_000;
  const candles = Array.from({ length: 300 }, (_, i) => {
    const open = price;
    price *= 1 + Math.sin(i * 7.3) * 0.01;
    const [high, low] = [Math.max(open, price) * 1.004, Math.min(open, price) * 0.996];
    return candle(i, { open, close: price, high, low, volume: 50 + 50 * Math.cos(i * 3.1) });
  });
  const charactersOf = (type: ChartType) => {
    const { marks, volume } = pathsOf(candles, type);
    return marks.reduce((sum, { path }) => sum + path.length, volume.length);
  };
  const characters = charactersOf("candles");
  assert.ok(characters > 5_000 && characters < 7_500, `${characters} characters`);
  assert.ok(charactersOf("bars") < 10_500, `${charactersOf("bars")} characters`);
});

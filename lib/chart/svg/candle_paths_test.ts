import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { charactersOf, toCandlePaths } from "./candle_paths.ts";
import { PRICE_SHARE, VOLUME_TOP, windowOf, xOf, yOf } from "../model/chart_window.ts";

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

Deno.test("toCandlePaths() draws each candle once, in the colour of its direction", () => {
  const candles = [candle(0), candle(1, { close: 97 }), candle(2, { close: 100 })];
  const paths = toCandlePaths(candles, windowOf({ bars: candles, stepMs: HOUR }), HEIGHT);
  assert.equal(count(paths.upBodies), 2);
  assert.equal(count(paths.downBodies), 1);
  assert.equal(count(paths.upWicks) + count(paths.downWicks), 3);
  assert.equal(count(paths.volume), 1);
});

Deno.test("toCandlePaths() positions bodies and wicks according to the window", () => {
  const candles = Array.from(
    { length: 60 },
    (_, i) => candle(i, { high: 112 + i, close: 101 + i }),
  );
  const window = windowOf({ bars: candles, stepMs: HOUR });
  const paths = toCandlePaths(candles, window, HEIGHT);
  marks(paths.upWicks).forEach((mark, i) => {
    const { openTime, high, low } = candles[i]!;
    assert.ok(Math.abs(mark.x - xOf(window, openTime) * paths.width) < 0.006);
    assert.equal(mark.y, Math.round(yOf(window, high) * HEIGHT));
    assert.equal(mark.toY, Math.round(yOf(window, low) * HEIGHT));
    assert.ok(mark.toY <= PRICE_SHARE * HEIGHT);
  });
  const body = marks(paths.upBodies)[59]!;
  assert.equal(body.y, Math.round(yOf(window, 160) * HEIGHT));
  assert.equal(body.toY, Math.round(yOf(window, 100) * HEIGHT) + 1, "its lower edge is inside");
});

Deno.test("toCandlePaths() leaves gaps empty: time is linear", () => {
  const candles = [candle(0), candle(1), candle(40), candle(41)];
  const paths = toCandlePaths(candles, windowOf({ bars: candles, stepMs: HOUR }), HEIGHT);
  assert.deepEqual(marks(paths.upWicks).map(({ x }) => x), [0.42, 1.42, 40.42, 41.42]);
});

Deno.test("toCandlePaths() measures volume upwards, slot by slot, the largest to the top of its pane", () => {
  const volumes = [50, 100, 100];
  const candles = volumes.map((volume, i) => candle(i === 2 ? 4 : i, { volume }));
  const { volume } = toCandlePaths(candles, windowOf({ bars: candles, stepMs: HOUR }), HEIGHT);
  const top = Math.round((1 - VOLUME_TOP) * HEIGHT);
  assert.equal(volume, `M29.42 0h.5v${top / 2}h1v${top / 2}h1v-${top}h2v${top}h1v-${top}z`);
});

Deno.test("toCandlePaths() draws an unchanged candle as a line, and no volume as nothing", () => {
  const still = candle(0, { open: 100, high: 100, low: 100, close: 100, volume: 0 });
  const paths = toCandlePaths([still], windowOf({ bars: [still], stepMs: HOUR }), HEIGHT);
  assert.match(paths.upBodies, /v1$/);
  assert.equal(paths.upWicks, "");
  assert.match(paths.volume, /^M[\d.]+ 0z$/);
});

Deno.test("toCandlePaths() of 300 candles takes less than 7.5 kB", () => {
  let price = 100_000;
  const candles = Array.from({ length: 300 }, (_, i) => {
    const open = price;
    price *= 1 + Math.sin(i * 7.3) * 0.01;
    const [high, low] = [Math.max(open, price) * 1.004, Math.min(open, price) * 0.996];
    return candle(i, { open, close: price, high, low, volume: 50 + 50 * Math.cos(i * 3.1) });
  });
  const characters = charactersOf(
    toCandlePaths(candles, windowOf({ bars: candles, stepMs: HOUR }), HEIGHT),
  );
  assert.ok(characters > 5_000 && characters < 7_500, `${characters} characters`);
});

import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { windowOf } from "./chart_window.ts";
import { followedWindow, movedWindow, windowWithin } from "./moved_window.ts";

const HOUR = 3_600_000;
const bars = Array.from({ length: 305 }, (_, i): Candle => ({
  openTime: i * HOUR,
  ...{
    open: i,
    high: i + 2,
    low: i,
    close: i + 1,
    volume: 1,
    quoteVolume: 1,
    trades: 1,
    takerBuy: 1,
  },
}));
const whole = windowOf(bars.slice(0, 300), HOUR);

Deno.test("movedWindow() zooms about the newer edge and fits prices to what is left", () => {
  const near = movedWindow(bars.slice(0, 300), whole, "in")!;
  assert.equal(Math.round((near.to - near.from) / HOUR * 10) / 10, 152.5);
  assert.equal(near.to, whole.to);
  assert.ok(near.low > 130 && near.high > 300);
  assert.deepEqual(movedWindow(bars.slice(0, 300), near, "out"), whole);
});

Deno.test("movedWindow() goes nowhere at the ends, and never nearer than twenty slots", () => {
  assert.equal(movedWindow(bars.slice(0, 300), whole, "earlier"), undefined);
  assert.equal(movedWindow(bars.slice(0, 300), whole, "later"), undefined);
  assert.equal(movedWindow(bars.slice(0, 300), whole, "out"), undefined);
  let window = whole;
  for (let i = 0; i < 10; i++) window = movedWindow(bars, window, "in") ?? window;
  assert.equal(Math.round((window.to - window.from) / HOUR), 20);
  const back = movedWindow(bars, window, "earlier")!;
  assert.equal(Math.round((window.from - back.from) / HOUR), 16);
});

Deno.test("windowWithin() keeps what is asked for inside the bars", () => {
  const window = windowWithin(bars, { from: -500 * HOUR, to: -400 * HOUR }, HOUR);
  assert.equal(window.from, windowOf(bars, HOUR).from);
  assert.equal((window.to - window.from) / HOUR, 100);
});

Deno.test("followedWindow() moves on with the newest candle, and stays where the reader is", () => {
  const followed = followedWindow(bars, whole, bars[299]!);
  assert.equal((followed.to - whole.to) / HOUR, 5);
  const away = windowWithin(bars, { from: 0, to: 50 * HOUR }, HOUR);
  assert.deepEqual(followedWindow(bars, away, bars[299]!), away);
});

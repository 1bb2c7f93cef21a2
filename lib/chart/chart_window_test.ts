import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { fitWindow, PRICE_SHARE, priceAt, windowOf, xOf, yOf } from "./chart_window.ts";

const row = (hour: number, low: number, high: number): Candle => ({
  openTime: hour * 3_600_000,
  ...{ open: low, close: high, low, high, volume: hour, quoteVolume: 0, trades: 0, takerBuy: 0 },
});
const HOUR = 3_600_000;

Deno.test("windowOf() leaves five slots free on the right and 7 % above and below", () => {
  const candles = Array.from({ length: 100 }, (_, i) => row(i, 100, 200));
  const window = windowOf(candles, HOUR);
  assert.equal((window.to - window.from) / HOUR, 105);
  assert.deepEqual([window.low, window.high, window.peak], [93, 207, 99]);
  assert.equal(xOf(window, window.to), 1);
  assert.equal(yOf(window, 207), 0);
  assert.equal(yOf(window, 93), PRICE_SHARE);
});

Deno.test("windowOf() of few candles keeps them slim, the newest on the right", () => {
  const window = windowOf([row(0, 5, 6)], HOUR);
  assert.equal((window.to - window.from) / HOUR, 40);
  assert.ok(xOf(window, 0) > 0.8);
});

Deno.test("fitWindow() fits prices to the candles inside and survives none and flat ones", () => {
  const candles = [row(0, 1, 1000), row(10, 50, 60), row(11, 55, 70)];
  const { low, high } = fitWindow(candles, 9 * HOUR, 12 * HOUR, HOUR);
  assert.deepEqual([low, high].map((price) => Math.round(price * 10) / 10), [48.6, 71.4]);
  const none = fitWindow(candles, 3 * HOUR, 5 * HOUR, HOUR);
  assert.ok(none.high > none.low && none.peak > 0);
  const flat = fitWindow([row(0, 7, 7)], -HOUR, HOUR, HOUR);
  assert.ok(flat.high > 7 && flat.low < 7);
});

Deno.test("priceAt() is the reverse of yOf(), by logarithms too", () => {
  const candles = [row(0, 100, 4000), row(1, 200, 3000)];
  for (const isLog of [false, true]) {
    const window = windowOf(candles, HOUR, { isLog, hasRsi: true });
    for (const price of [100, 1234.5, 4000]) {
      assert.equal(Math.round(priceAt(window, yOf(window, price)) * 1e6) / 1e6, price);
    }
  }
});

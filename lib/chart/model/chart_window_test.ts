import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import {
  type DrawnBars,
  fitWindow,
  PLAIN,
  type PlotShape,
  PRICE_SHARE,
  priceAt,
  windowOf,
  xOf,
  yOf,
} from "./chart_window.ts";
import type { Study } from "./study.ts";

const row = (hour: number, low: number, high: number): Candle => ({
  openTime: hour * 3_600_000,
  open: low,
  close: high,
  low,
  high,
  volume: hour,
  quoteVolume: 0,
  trades: 0,
  takerBuy: 0,
});
const HOUR = 3_600_000;

const fit = (bars: readonly Candle[], from: number, to: number, rest: Partial<DrawnBars> = {}) =>
  fitWindow({ bars, stepMs: HOUR, ...rest }, { from: from * HOUR, to: to * HOUR });

Deno.test("windowOf() leaves five slots free on the right and 7 % above and below", () => {
  const candles = Array.from({ length: 100 }, (_, i) => row(i, 100, 200));
  const window = windowOf({ bars: candles, stepMs: HOUR });
  assert.equal((window.to - window.from) / HOUR, 105);
  assert.deepEqual([window.low, window.high, window.peak], [93, 207, 99]);
  assert.equal(xOf(window, window.to), 1);
  assert.equal(yOf(window, 207), 0);
  assert.equal(yOf(window, 93), PRICE_SHARE);
});

Deno.test("windowOf() of few candles keeps them narrow, the newest on the right", () => {
  const window = windowOf({ bars: [row(0, 5, 6)], stepMs: HOUR });
  assert.equal((window.to - window.from) / HOUR, 40);
  assert.ok(xOf(window, 0) > 0.8);
});

Deno.test("fitWindow() fits prices to the visible candles, and handles empty and flat ranges", () => {
  const candles = [row(0, 1, 1000), row(10, 50, 60), row(11, 55, 70)];
  const { low, high } = fit(candles, 9, 12);
  assert.deepEqual([low, high].map((price) => Math.round(price * 10) / 10), [48.6, 71.4]);
  const none = fit(candles, 3, 5);
  assert.ok(none.high > none.low && none.peak > 0);
  const flat = fit([row(0, 7, 7)], -1, 1);
  assert.ok(flat.high > 7 && flat.low < 7);
});

Deno.test("fitWindow() includes every visible line on the price axis", () => {
  const candles = [0, 1, 2, 3].map((hour) => row(hour, 100, 200));
  const study = (kind: "sma" | "rsi", values: (number | undefined)[]): Study => ({
    overlay: { kind, period: 2 },
    lines: [{ part: "value", values }],
  });
  const studies = [
    study("sma", [9000, undefined, 60, 300]),
    study("sma", [9000, -5, 150, 150]),
    study("rsi", [1, 1, 1, 1]),
  ];
  const rounded = (shape: PlotShape) => {
    const { low, high, isLog } = fit(candles, 1, 3, { studies, shape });
    return [Math.round(low), Math.round(high), isLog];
  };
  assert.deepEqual(rounded(PLAIN), [-21, 321, false]);
  assert.deepEqual(rounded({ ...PLAIN, isLog: true }), [54, 336, true]);
});

Deno.test("fitWindow() leaves candles a third of the axis, however far away lines are", () => {
  const candles = [0, 1].map((hour) => row(hour, 100, 110));
  const far: Study = {
    overlay: { kind: "sma", period: 2 },
    lines: [{ part: "value", values: [9000, 1] }],
  };
  const rounded = (isLog: boolean) => {
    const window = fit(candles, -1, 2, { studies: [far], shape: { ...PLAIN, isLog } });
    return [window.low, window.high].map((price) => Math.round(price * 10) / 10);
  };
  assert.deepEqual(rounded(false), [87.9, 122.1]);
  assert.deepEqual(rounded(true), [89.1, 123.4]);
});

Deno.test("priceAt() is the inverse of yOf(), also for logarithmic scales", () => {
  const candles = [row(0, 100, 4000), row(1, 200, 3000)];
  for (const isLog of [false, true]) {
    const window = windowOf({
      bars: candles,
      stepMs: HOUR,
      shape: { isLog, hasRsi: true, type: "candles" },
    });
    for (const price of [100, 1234.5, 4000]) {
      assert.equal(Math.round(priceAt(window, yOf(window, price)) * 1e6) / 1e6, price);
    }
  }
});

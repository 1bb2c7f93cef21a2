import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { candlesPerBar, MAX_DRAWN, mergeCandles } from "./merge_candles.ts";

const DAY = 86_400_000;
const day = (n: number, change: Partial<Candle> = {}): Candle => ({
  openTime: n * DAY,
  open: n,
  high: n + 5,
  low: n - 5,
  close: n + 1,
  volume: 2,
  quoteVolume: 4,
  trades: 3,
  takerBuy: 1,
  ...change,
});

Deno.test("mergeCandles() keeps first open, last close, both extremes and total volume", () => {
  const merged = mergeCandles([day(0, { low: -50 }), day(1, { high: 99 }), day(2)], 3 * DAY);
  assert.deepEqual(merged, [{
    openTime: 0,
    open: 0,
    high: 99,
    low: -50,
    close: 3,
    volume: 6,
    quoteVolume: 12,
    trades: 9,
    takerBuy: 3,
    isImported: undefined,
  }]);
});

Deno.test("mergeCandles() marks a bar with an imported candle, and keeps unknown volumes unknown", () => {
  const [mixed, own] = mergeCandles(
    [day(0), day(1, { isImported: true, volume: NaN }), day(2), day(3)],
    3 * DAY,
  );
  assert.deepEqual([mixed!.isImported, mixed!.volume, mixed!.high], [true, NaN, 7]);
  assert.deepEqual([own!.isImported, own!.volume], [undefined, 2]);
});

Deno.test("mergeCandles() keeps gaps: a period without candles has no bar", () => {
  const merged = mergeCandles([0, 1, 9, 10, 11].map((n) => day(n)), 3 * DAY);
  assert.deepEqual(merged.map(({ openTime }) => openTime / DAY), [0, 9]);
});

Deno.test("candlesPerBar() stays within the maximum number of drawn candles", () => {
  assert.equal(candlesPerBar(MAX_DRAWN), 1);
  assert.equal(candlesPerBar(MAX_DRAWN + 1), 2);
  assert.equal(candlesPerBar(3010), 7);
  assert.equal(candlesPerBar(0), 1);
});

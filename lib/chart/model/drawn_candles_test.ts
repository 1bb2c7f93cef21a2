import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { sliceAround } from "./drawn_candles.ts";

const HOUR = 3_600_000;
const candles = Array.from({ length: 2000 }, (_, i): Candle => ({
  openTime: i * HOUR,
  open: i,
  high: i + 2,
  low: i,
  close: i + 1,
  volume: 1,
  quoteVolume: 1,
  trades: 1,
  takerBuy: 1,
}));

Deno.test("sliceAround() gives what is in view and half of it on each side, 500 at most", () => {
  const indices = (from: number, to: number) => {
    const slice = sliceAround(candles, { from: from * HOUR, to: to * HOUR }, 500);
    return [slice[0]?.open, slice.at(-1)?.open, slice.length];
  };
  assert.deepEqual(indices(1000, 1100), [950, 1149, 200]);
  assert.deepEqual(indices(1000, 1400), [950, 1449, 500]);
  assert.deepEqual(indices(1000, 1600), [1000, 1599, 600], "what is in view is never cut here");
  assert.deepEqual(indices(0, 100), [0, 149, 150]);
  assert.deepEqual(indices(3000, 3100), [undefined, undefined, 0]);
});

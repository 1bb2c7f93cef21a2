import assert from "node:assert/strict";
import { wholeRange } from "./chart_window.ts";
import { followedRange, isAtEnd, movedRange, rangeWithin, zoomedRange } from "./moved_window.ts";

const HOUR = 3_600_000;
const last = 299 * HOUR;
const extent = { first: 0, end: last + HOUR, stepMs: HOUR, shortestMs: HOUR };
const whole = wholeRange(extent.first, last, HOUR);
const hours = ({ from, to }: { from: number; to: number }) => Math.round((to - from) / HOUR);

Deno.test("movedRange() zooms towards the newer edge, and back out to the same range", () => {
  const near = movedRange(whole, "in", extent)!;
  assert.equal((near.to - near.from) / HOUR, 155);
  assert.equal(near.to, whole.to);
  assert.deepEqual(movedRange(near, "out", extent), whole);
});

Deno.test("movedRange() goes nowhere at the ends, and never nearer than 35 candles", () => {
  for (const move of ["earlier", "later", "out"] as const) {
    assert.equal(movedRange(whole, move, extent), undefined, move);
  }
  let range = whole;
  for (let i = 0; i < 10; i++) range = movedRange(range, "in", extent) ?? range;
  assert.equal(hours(range), 40);
  const back = movedRange(range, "earlier", extent)!;
  assert.equal(Math.round((range.from - back.from) / HOUR), 28);
});

Deno.test("rangeWithin() moves a requested range inside the limits", () => {
  const range = rangeWithin({ from: -500 * HOUR, to: -400 * HOUR }, extent);
  assert.equal(range.from, whole.from);
  assert.equal(hours(range), 100);
});

Deno.test("zoomedRange() keeps the time under the pointer, within the limits", () => {
  const start = { from: 100 * HOUR, to: 200 * HOUR };
  assert.deepEqual(zoomedRange(start, 0.5, 0.25, extent), { from: 112.5 * HOUR, to: 162.5 * HOUR });
  assert.equal(hours(zoomedRange(start, 0.001, 0.25, extent)), 20);
  assert.deepEqual(zoomedRange(start, 1000, 0.25, extent), whole);
});

Deno.test("followedRange() moves on with the newest candle, and stays where the reader is", () => {
  const later = last + 5 * HOUR;
  assert.equal((followedRange(whole, last, later).to - whole.to) / HOUR, 5);
  const away = { from: 0, to: 50 * HOUR };
  assert.deepEqual(followedRange(away, last, later), away);
  assert.deepEqual([isAtEnd(whole, last), isAtEnd(away, last)], [true, false]);
});

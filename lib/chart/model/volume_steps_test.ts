import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { toVolumeSteps } from "./volume_steps.ts";

const steps = (...bars: [time: number, volume: number][]) =>
  toVolumeSteps(bars.map(([openTime, volume]) => ({ openTime, volume }) as Candle), 10)
    .map(({ time, volume }) => [time, volume]);

Deno.test("toVolumeSteps() begins and ends at 0, half a bar outside the outer bars", () => {
  assert.deepEqual(steps([100, 5], [110, 7]), [[90, 0], [100, 5], [110, 7], [120, 0]]);
  assert.deepEqual(steps(), []);
});

Deno.test("toVolumeSteps() is 0 in gaps", () => {
  const middle = (...bars: [number, number][]) => steps(...bars).slice(2, -2);
  assert.deepEqual(middle([100, 5], [160, 7]), [[110, 0], [150, 0]]);
  assert.deepEqual(middle([100, 5], [120, 7]), [[110, 0], [110, 0]], "one bar is missing");
  assert.deepEqual(middle([100, 5], [111, 7]), [], "months differ in length");
});

import assert from "node:assert/strict";
import { measureWords } from "./measure.ts";

const HOUR = 3_600_000;
const words = (fromPrice: number, toPrice: number, hours: number) => {
  const measure = {
    from: { time: 0, price: fromPrice },
    to: { time: hours * HOUR, price: toPrice },
  };
  const { change, detail } = measureWords(measure, { stepMs: HOUR, decimals: 2 });
  return `${change} | ${detail}`.replaceAll("\u00a0", " ");
};

Deno.test("measureWords() describes change, difference, bars and time, forwards and backwards", () => {
  assert.equal(words(100, 102.5, 27), "+2.50% | +2.50, 27 bars, 1 d 3 h");
  assert.equal(words(100, 90, -1), "−10.00% | −10.00, 1 bar, 1 h");
  assert.equal(words(100, 100, 0), "+0.00% | 0.00, 0 bars, 0 s");
});

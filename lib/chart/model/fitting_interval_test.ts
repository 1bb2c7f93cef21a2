import assert from "node:assert/strict";
import fc from "fast-check";
import { INTERVALS, shiftOpen } from "../../core/interval.ts";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import { candleRange, LEAST_CANDLES, wholeRange } from "./chart_window.ts";
import { fittingInterval, type IntervalChoice } from "./fitting_interval.ts";
import { drawnStepMs } from "./merge_candles.ts";

const first = parseTime("2017-08-17T04:00Z");
const choice: IntervalChoice = {
  interval: "1h",
  held: (["1d", "1m", "4h", "1h"] as const).map((interval) => ({ interval, firstOpenTime: 0 })),
  isPinned: false,
  most: 500,
};

Deno.test("fittingInterval() takes the shortest interval that has no more than 500 candles", () => {
  const cases = [[300, "1h"], [500, "1h"], [501, "4h"], [3000, "1d"], [90_000, "1d"]] as const;
  for (const [hours, interval] of cases) {
    const range = { from: first, to: first + hours * HOUR_MS };
    assert.equal(fittingInterval(range, choice), interval, `${hours} hours`);
    assert.equal(fittingInterval(range, { ...choice, isPinned: true }), "1h");
  }
});

Deno.test("fittingInterval() leaves out series that begin later than the range", () => {
  const range = { from: first, to: first + 3000 * HOUR_MS };
  const held = choice.held.map((one) =>
    one.interval === "1d" ? { ...one, firstOpenTime: first + 100 * HOUR_MS } : one
  );
  assert.equal(fittingInterval(range, { ...choice, held }), "4h");
  assert.equal(fittingInterval(range, { ...choice, held: [] }), "1h");
});

Deno.test("candleRange() gives back the candles that wholeRange() was made for", () => {
  fc.assert(fc.property(
    fc.constantFrom(...INTERVALS),
    // one more, because months differ from their mean length
    fc.integer({ min: LEAST_CANDLES + 1, max: 2000 }),
    (interval, candles) => {
      const last = shiftOpen(first, interval, candles - 1);
      const step = drawnStepMs(interval);
      assert.deepEqual(candleRange(wholeRange(first, last, step), step), {
        from: first,
        to: Math.round(last + step),
      });
    },
  ));
});

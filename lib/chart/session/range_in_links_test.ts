import assert from "node:assert/strict";
import fc from "fast-check";
import { INTERVALS } from "../../core/interval.ts";
import { parseTime } from "../../core/time.ts";
import { fittingInterval } from "../model/fitting_interval.ts";
import { MAX_DRAWN } from "../model/merge_candles.ts";
import { type CarriedRange, fittingRange, withRange } from "./range_in_links.ts";

const BASE = "http://wick.test/charts?";
const carry = (query: string, change: Partial<CarriedRange>) =>
  withRange(BASE + query, {
    range: { from: parseTime("2026-01-01"), to: parseTime("2026-01-05") },
    interval: "1h",
    end: parseTime("2026-03-01"),
    ...change,
  }).replace(BASE, "");

Deno.test("withRange() carries the range over to another symbol, with sorted parameters", () => {
  assert.equal(
    carry("symbol=ETHUSDT&interval=1h&overlays=sma20,ema50&page=3", {}),
    "from=2026-01-01T00:00Z&interval=1h&overlays=sma20,ema50&symbol=ETHUSDT&to=2026-01-05T00:00Z",
  );
});

Deno.test("withRange() keeps the centre for another interval, with as much as it can show", () => {
  assert.equal(
    carry("interval=4h&symbol=BTCUSDT", {}),
    "from=2025-12-30T16:00Z&interval=4h&symbol=BTCUSDT&to=2026-01-06T08:00Z",
  );
  assert.equal(
    carry("interval=1m&symbol=BTCUSDT", {}),
    "from=2026-01-02T19:50Z&interval=1m&symbol=BTCUSDT&to=2026-01-03T04:10Z",
  );
});

Deno.test("withRange() of a live chart stays live", () => {
  const range = { from: parseTime("2026-02-27"), to: undefined };
  assert.equal(
    carry("interval=1h&symbol=A", { range }),
    "from=2026-02-27T00:00Z&interval=1h&symbol=A",
  );
  assert.equal(
    carry("interval=4h&symbol=A", { range }),
    "from=2026-02-22T08:00Z&interval=4h&symbol=A",
  );
  assert.equal(
    carry("interval=4h&symbol=A", { range: { from: undefined, to: undefined } }),
    "interval=4h&symbol=A",
  );
});

Deno.test("fittingRange() names a range that is shown at the interval it was made for", () => {
  const first = parseTime("2017-08-17T04:00Z");
  const held = INTERVALS.map((interval) => ({ interval, firstOpenTime: first }));
  const now = parseTime("2026-03-01T12:34Z");
  fc.assert(fc.property(
    fc.constantFrom(...INTERVALS),
    fc.integer({ min: first, max: now - 1 }),
    fc.option(fc.integer({ min: 1, max: now - first })),
    (interval, from, lengthMs) => {
      const to = lengthMs === null ? undefined : Math.min(now, from + lengthMs);
      const range = fittingRange(interval, { from, to }, now);
      assert.equal(range.to === undefined, to === undefined);
      const shown = fittingInterval({ from: range.from!, to: range.to ?? now }, {
        interval,
        held,
        isPinned: false,
        most: MAX_DRAWN,
      });
      assert.equal(shown, interval);
    },
  ));
});

import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { type ChartGap, gapsAmong } from "./chart_gap.ts";

const at = (hour: number) => parseTime("2025-05-01") + hour * 3_600_000;
const candlesAt = (times: readonly number[], isImported = false) =>
  times.map((openTime) => ({ openTime, isImported }));

Deno.test("gapsAmong() keeps the classes of known gaps, and finds others by distance", () => {
  const known: ChartGap[] = [
    { from: at(-90), to: at(0), missing: 90, class: "not_listed" },
    { from: at(3), to: at(5), missing: 2, class: "exchange_outage" },
  ];
  const gaps = gapsAmong(candlesAt([0, 1, 2, 5, 6, 10].map(at)), "1h", known);
  assert.deepEqual(gaps, [known[1], {
    from: at(7),
    to: at(10),
    missing: 3,
    class: "unexplained",
  }]);
});

Deno.test("gapsAmong() finds none for months of different length or opens off the grid", () => {
  const months = ["2024-01-01", "2024-02-01", "2024-03-01"].map(parseTime);
  assert.deepEqual(gapsAmong(candlesAt(months), "1M", []), []);
  const odd = [at(8), at(9) + 28 * 60_000, at(11)];
  assert.deepEqual(gapsAmong(candlesAt(odd), "1h", []), []);
  assert.deepEqual(gapsAmong([], "1h", []), []);
});

Deno.test("gapsAmong() does not count imported candles as the exchange's, at the ends neither", () => {
  const candles = [
    ...candlesAt([0, 1].map(at), true),
    ...candlesAt([2, 3].map(at)),
    ...candlesAt([5].map(at), true),
    ...candlesAt([7].map(at)),
    ...candlesAt([8, 9].map(at), true),
  ];
  const gaps = gapsAmong(candles, "1h", []);
  assert.deepEqual(gaps.map(({ from, to, missing }) => [from, to, missing]), [
    [at(0), at(2), 2],
    [at(4), at(7), 3],
    [at(8), at(10), 2],
  ]);
  assert.deepEqual(gapsAmong(candlesAt([0, 1].map(at), true), "1h", []).length, 1);
});

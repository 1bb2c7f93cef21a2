import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { type ChartGap, gapsAmong } from "./chart_gap.ts";

const at = (hour: number) => parseTime("2025-05-01") + hour * 3_600_000;

Deno.test("gapsAmong() keeps the classes of known gaps, and finds others by distance", () => {
  const known: ChartGap[] = [
    { from: at(-90), to: at(0), missing: 90, class: "not_listed" },
    { from: at(3), to: at(5), missing: 2, class: "exchange_outage" },
  ];
  const gaps = gapsAmong([0, 1, 2, 5, 6, 10].map(at), "1h", known);
  assert.deepEqual(gaps, [known[1], {
    from: at(7),
    to: at(10),
    missing: 3,
    class: "unexplained",
  }]);
});

Deno.test("gapsAmong() finds none for months of different length or opens off the grid", () => {
  const months = ["2024-01-01", "2024-02-01", "2024-03-01"].map(parseTime);
  assert.deepEqual(gapsAmong(months, "1M", []), []);
  const odd = [at(8), at(9) + 28 * 60_000, at(11)];
  assert.deepEqual(gapsAmong(odd, "1h", []), []);
  assert.deepEqual(gapsAmong([], "1h", []), []);
});

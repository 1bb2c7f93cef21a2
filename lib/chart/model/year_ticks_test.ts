import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { yearTicks } from "../../pages/charts/history_strip.ts";

const ticks = (from: string, to: string) =>
  yearTicks({ from: parseTime(from), to: parseTime(to) }).map(({ year, from, to }) =>
    [year, ...[from, to].map((time) => new Date(time).toISOString().slice(0, 16))].join(" ")
  );

Deno.test("yearTicks() are whole UTC years, the first and the last cut to the range", () => {
  assert.deepEqual(ticks("2017-08-17T04:00Z", "2019-02-01"), [
    "2017 2017-08-17T04:00 2018-01-01T00:00",
    "2018 2018-01-01T00:00 2019-01-01T00:00",
    "2019 2019-01-01T00:00 2019-02-01T00:00",
  ]);
});

Deno.test("yearTicks() omit a year that starts at the range's end", () => {
  assert.deepEqual(ticks("2023-01-01", "2024-01-01"), ["2023 2023-01-01T00:00 2024-01-01T00:00"]);
  assert.deepEqual(ticks("2024-02-01", "2024-02-02"), ["2024 2024-02-01T00:00 2024-02-02T00:00"]);
});

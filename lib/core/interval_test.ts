import assert from "node:assert/strict";
import {
  countWhole,
  endOf,
  firstOpenFrom,
  INTERVALS,
  isInterval,
  isOnGrid,
  openTimeOf,
  shiftOpen,
} from "./interval.ts";
import { DAY_MS, parseTime, toIso } from "./time.ts";

const iso = (text: string) => parseTime(text);

Deno.test("openTimeOf() follows the exchange's grid: UTC multiples, Mondays, months", () => {
  const cases: [string, (typeof INTERVALS)[number], string][] = [
    ["2024-05-15T13:45:59.999Z", "1s", "2024-05-15T13:45:59.000Z"],
    ["2024-05-15T13:45:59.999Z", "3m", "2024-05-15T13:45:00.000Z"],
    ["2024-05-15T13:45:59.999Z", "1h", "2024-05-15T13:00:00.000Z"],
    ["2024-05-15T13:45:59.999Z", "4h", "2024-05-15T12:00:00.000Z"],
    ["2024-05-15T13:45:59.999Z", "1d", "2024-05-15T00:00:00.000Z"],
    ["2017-08-17T04:00:00.000Z", "1w", "2017-08-14T00:00:00.000Z"],
    ["2017-08-14T00:00:00.000Z", "1w", "2017-08-14T00:00:00.000Z"],
    ["2024-02-29T23:59:59.999Z", "1M", "2024-02-01T00:00:00.000Z"],
  ];
  for (const [time, interval, open] of cases) {
    assert.equal(toIso(openTimeOf(iso(time), interval)), open, `${time} ${interval}`);
  }
});

Deno.test("openTimeOf() learns the grid of 3d from a known open time", () => {
  const anchor = iso("2017-08-17");
  assert.equal(toIso(openTimeOf(iso("2017-08-22"), "3d", anchor)), "2017-08-20T00:00:00.000Z");
  assert.equal(toIso(openTimeOf(iso("2017-08-16"), "3d", anchor)), "2017-08-14T00:00:00.000Z");
});

Deno.test("endOf() and countWhole() give months their calendar length", () => {
  assert.equal(toIso(endOf(iso("2024-02-01"), "1M")), "2024-03-01T00:00:00.000Z");
  assert.equal(toIso(endOf(iso("2023-12-01"), "1M")), "2024-01-01T00:00:00.000Z");
  assert.equal(countWhole({ from: iso("2023-11-01"), to: iso("2024-03-01") }, "1M"), 4);
  assert.equal(countWhole({ from: iso("2023-11-01"), to: iso("2024-02-29") }, "1M"), 3);
  assert.equal(countWhole({ from: iso("2023-11-02"), to: iso("2023-11-30") }, "1M"), 0);
  assert.equal(toIso(endOf(iso("2023-01-31T12:00"), "1M")), "2023-02-01T00:00:00.000Z");
});

Deno.test("countWhole() cuts off parts of a candle and never goes below zero", () => {
  const from = iso("2018-02-08T01:00");
  assert.equal(countWhole({ from, to: iso("2018-02-09T09:28:14.789") }, "1h"), 32);
  assert.equal(countWhole({ from, to: from }, "1h"), 0);
  assert.equal(countWhole({ from, to: from - 1 }, "1h"), 0);
});

Deno.test("firstOpenFrom(), isOnGrid() and shiftOpen() agree with endOf() for every interval", () => {
  const time = iso("2021-03-04T05:06:07.089");
  for (const interval of INTERVALS) {
    const open = openTimeOf(time, interval);
    assert.ok(isOnGrid(open, interval) && !isOnGrid(time, interval), interval);
    assert.equal(firstOpenFrom(time, interval), endOf(open, interval), interval);
    assert.equal(firstOpenFrom(open, interval), open, interval);
    assert.equal(shiftOpen(open, interval, 1), endOf(open, interval), interval);
    assert.equal(shiftOpen(shiftOpen(open, interval, -5), interval, 5), open, interval);
    assert.equal(
      countWhole({ from: open, to: shiftOpen(open, interval, 7) }, interval),
      7,
      interval,
    );
  }
});

Deno.test("isInterval() is case-sensitive and rejects intervals that spot does not have", () => {
  assert.ok(isInterval("1M") && isInterval("1m"));
  for (const text of ["1H", "4H", "2d", "1y", "60m", "", "toString"]) {
    assert.equal(isInterval(text), false, text);
  }
  assert.equal(DAY_MS, 86_400_000);
});

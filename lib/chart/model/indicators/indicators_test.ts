import assert from "node:assert/strict";
import { parseTime } from "../../../core/time.ts";
import { bollinger } from "./bollinger.ts";
import { ema } from "./ema.ts";
import { rsi } from "./rsi.ts";
import { sma, type Values } from "./sma.ts";
import { sessionStart, vwap } from "./vwap.ts";

const rounded = (values: Values, digits: number) =>
  values.filter((value) => value !== undefined).map((value) => Number(value.toFixed(digits)));

const missing = (values: Values) => values.findIndex((value) => value !== undefined);

/** Closes of the worked example of moving averages in StockCharts' ChartSchool, and its results. */
const AVERAGED = [
  22.27,
  22.19,
  22.08,
  22.17,
  22.18,
  22.13,
  22.23,
  22.43,
  22.24,
  22.29,
  22.15,
  22.39,
  22.38,
  22.61,
  23.36,
  24.05,
  23.75,
  23.83,
  23.95,
  23.63,
];

Deno.test("sma() matches the published values of ten days", () => {
  const values = sma(AVERAGED, 10);
  assert.equal(missing(values), 9);
  assert.deepEqual(rounded(values, 2), [
    22.22,
    22.21,
    22.23,
    22.26,
    22.3,
    22.42,
    22.61,
    22.77,
    22.91,
    23.08,
    23.21,
  ]);
});

Deno.test("ema() matches the published values of ten days", () => {
  const values = ema(AVERAGED, 10);
  assert.equal(missing(values), 9);
  assert.deepEqual(rounded(values, 2), [
    22.22,
    22.21,
    22.24,
    22.27,
    22.33,
    22.52,
    22.8,
    22.97,
    23.13,
    23.28,
    23.34,
  ]);
});

Deno.test("bollinger() matches the published bands of twenty days, with the population's deviation", () => {
  const closes = [
    86.16,
    89.09,
    88.78,
    90.32,
    89.07,
    91.15,
    89.44,
    89.18,
    86.93,
    87.68,
    86.96,
    89.43,
    89.32,
    88.72,
    87.45,
    87.26,
    89.5,
    87.9,
    89.13,
    90.7,
  ];
  const { upper, middle, lower } = bollinger(closes, 20);
  assert.equal(missing(upper), 19);
  // Published values come from closes with more digits than printed.
  [[upper, 91.29], [middle, 88.71], [lower, 86.12]].forEach(([values, published]) => {
    assert.ok(Math.abs((values as Values)[19]! - (published as number)) < 0.01, `${published}`);
  });
  const flat = bollinger([5, 5, 5], 2);
  assert.deepEqual([flat.upper[2], flat.lower[2]], [5, 5]);
});

Deno.test("rsi() matches the published values of fourteen days", () => {
  const closes = [
    44.3389,
    44.0902,
    44.1497,
    43.6124,
    44.3278,
    44.8264,
    45.0955,
    45.4245,
    45.8433,
    46.0826,
    45.8931,
    46.0328,
    45.614,
    46.282,
    46.282,
    46.0028,
    46.0328,
    46.4116,
    46.2222,
    45.6439,
  ];
  const values = rsi(closes, 14);
  assert.equal(missing(values), 14);
  assert.deepEqual(rounded(values, 2), [70.53, 66.32, 66.55, 69.41, 66.36, 57.97]);
});

Deno.test("rsi() is 100 for rising prices, 0 for falling, 50 for constant ones", () => {
  const ends = [[1, 2, 3], [3, 2, 1], [2, 2, 2]].map((closes) => rsi(closes, 2).at(-1));
  assert.deepEqual(ends, [100, 0, 50]);
});

Deno.test("vwap() is quote volume over volume since midnight, and undefined for an incomplete day", () => {
  const day = parseTime("2024-05-02");
  const trade = (hour: number, volume: number, quoteVolume: number) => ({
    openTime: day + hour * 3_600_000,
    volume,
    quoteVolume,
  });
  const late = [trade(-2, 1, 10), trade(-1, 3, 60)];
  const next = [trade(0, 0, 0), trade(1, 2, 20), trade(2, 2, 60)];
  assert.deepEqual(vwap([...late, ...next], "1h"), [undefined, undefined, undefined, 10, 20]);
});

Deno.test("vwap() restarts every day, month or year, depending on the interval", () => {
  const time = parseTime("2024-05-17T13:00Z");
  const starts = (["1h", "1d", "1w"] as const).map((interval) => sessionStart(time, interval));
  assert.deepEqual(starts, ["2024-05-17", "2024-05-01", "2024-01-01"].map(parseTime));
});

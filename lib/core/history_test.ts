import assert from "node:assert/strict";
import { planBackfill, remainingRows } from "./history.ts";
import { parseTime } from "./time.ts";

const now = parseTime("2024-01-01T00:30");
const year = {
  interval: "1h",
  rows: 5_400,
  firstOpenTime: parseTime("2023-05-21T00:00"),
  listedAt: parseTime("2023-01-01T00:00"),
  pending: 0,
} as const;

Deno.test("remainingRows() counts what lies before the oldest candle, and holes of ours", () => {
  assert.equal(remainingRows(year, 0, now), 140 * 24);
  assert.equal(remainingRows({ ...year, pending: 7 }, 0, now), 140 * 24 + 7);
  assert.equal(remainingRows(year, parseTime("2023-05-20T23:30"), now), 0, "no whole candle");
  assert.equal(remainingRows(year, parseTime("2024-06-01"), now), 0, "nothing is wanted");
  assert.equal(remainingRows({ ...year, firstOpenTime: year.listedAt }, 0, now), 0);
});

Deno.test("remainingRows() of a series without candles reaches up to now, unless nobody knows", () => {
  const empty = { ...year, rows: 0, firstOpenTime: undefined };
  assert.equal(remainingRows(empty, 0, now), 8_760);
  assert.equal(remainingRows({ ...empty, listedAt: undefined }, 0, now), undefined);
});

Deno.test("remainingRows() follows the calendar and a grid that only the listing tells", () => {
  const months = { ...year, interval: "1M", firstOpenTime: parseTime("2023-12-01") } as const;
  assert.equal(remainingRows(months, parseTime("2023-02-15"), now), 9);
  const threeDays = {
    ...year,
    interval: "3d",
    firstOpenTime: parseTime("2023-01-31"),
  } as const;
  assert.equal(remainingRows(threeDays, parseTime("2023-01-05"), now), 8);
});

Deno.test("planBackfill() says what history costs against the exchange's limit", () => {
  const plan = planBackfill([75_000, 18_700, undefined, 0], 6_000);
  assert.equal(plan.rows, 93_700);
  assert.equal(plan.requests, 75 + 19 + 1);
  assert.equal(plan.weight, 190);
  assert.equal(plan.minutes, 190 / 4_500);
  assert.ok(plan.megabytes > 10 && plan.megabytes < 25);
  assert.deepEqual(planBackfill([]), { rows: 0, requests: 0, weight: 0, minutes: 0, megabytes: 0 });
});

import assert from "node:assert/strict";
import { archiveShare, planBackfill, remainingRows } from "./remaining_history.ts";
import { parseTime } from "./time.ts";

const now = parseTime("2024-01-01T00:30");
const year = {
  interval: "1h",
  rows: 5_400,
  firstOpenTime: parseTime("2023-05-21T00:00"),
  listedAt: parseTime("2023-01-01T00:00"),
  pending: 0,
} as const;

Deno.test("remainingRows() counts candles before the oldest stored one, and pending gaps", () => {
  assert.equal(remainingRows(year, 0, now), 140 * 24);
  assert.equal(remainingRows({ ...year, pending: 7 }, 0, now), 140 * 24 + 7);
  assert.equal(remainingRows(year, parseTime("2023-05-20T23:30"), now), 0, "no whole candle");
  assert.equal(remainingRows(year, parseTime("2024-06-01"), now), 0, "nothing is wanted");
  assert.equal(remainingRows({ ...year, firstOpenTime: year.listedAt }, 0, now), 0);
});

Deno.test("remainingRows() of a series without candles reaches up to now, or is undefined before its listing is known", () => {
  const empty = { ...year, rows: 0, firstOpenTime: undefined };
  assert.equal(remainingRows(empty, 0, now), 8_760);
  assert.equal(remainingRows({ ...empty, listedAt: undefined }, 0, now), undefined);
});

Deno.test("remainingRows() follows the calendar, and for 3d the grid of the listing", () => {
  const months = { ...year, interval: "1M", firstOpenTime: parseTime("2023-12-01") } as const;
  assert.equal(remainingRows(months, parseTime("2023-02-15"), now), 9);
  const threeDays = {
    ...year,
    interval: "3d",
    firstOpenTime: parseTime("2023-01-31"),
  } as const;
  assert.equal(remainingRows(threeDays, parseTime("2023-01-05"), now), 8);
});

Deno.test("planBackfill() estimates requests and time within the exchange's limit", () => {
  const plan = planBackfill(
    [75_000, 18_700, undefined, 0].map((rows) => ({ rows })),
    6_000,
  );
  assert.equal(plan.rows, 93_700);
  assert.equal(plan.requests, 75 + 19 + 1);
  assert.equal(plan.weight, 190);
  assert.equal(plan.minutes, 190 / 4_500);
  assert.ok(plan.megabytes > 10 && plan.megabytes < 25);
  const nothing = { rows: 0, files: 0, requests: 0, weight: 0, minutes: 0, megabytes: 0 };
  assert.deepEqual(planBackfill([]), nothing);
});

Deno.test("planBackfill() separates candles in archive files from those to be requested", () => {
  const plan = planBackfill([
    { rows: 30_500, archived: { rows: 29_000, files: 3 } },
    { rows: 2_500 },
  ], 6_000);
  assert.deepEqual([plan.rows, plan.files, plan.requests], [33_000, 3, 2 + 3]);
  assert.equal(plan.weight, 10);
});

Deno.test("archiveShare() counts whole published months that are worth two downloads", () => {
  const facts = {
    interval: "1m",
    listedAt: parseTime("2023-09-10"),
    firstOpenTime: parseTime("2023-12-20"),
  } as const;
  const days = (count: number) => count * 1440;
  // December is not archived yet on January 1st.
  const share = archiveShare(facts, 0, now);
  assert.deepEqual(share, { rows: days(21 + 31 + 30), files: 3 });
  const january = parseTime("2024-01-10");
  assert.deepEqual(archiveShare(facts, parseTime("2023-12-10"), january), {
    rows: days(10),
    files: 1,
  });
  const nothing = { rows: 0, files: 0 };
  assert.deepEqual(archiveShare({ ...facts, interval: "1h" }, 0, now), nothing);
  assert.deepEqual(archiveShare({ interval: "1m", listedAt: undefined }, 0, now), nothing);
});

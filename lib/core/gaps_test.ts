import assert from "node:assert/strict";
import { classOfAbsence, isDue } from "./gaps.ts";
import { DAY_MS, HOUR_MS, parseTime } from "./time.ts";

const rangeOf = (from: string, to: string) => ({ from: parseTime(from), to: parseTime(to) });

Deno.test("classOfAbsence() returns exchange_outage when other symbols miss the same range, however long", () => {
  const february = rangeOf("2018-02-08T01:00", "2018-02-09T09:28:14.789");
  assert.equal(classOfAbsence(february, { others: 9, othersMissing: 9 }), "exchange_outage");
  assert.equal(classOfAbsence(february, { others: 0, othersMissing: 0 }), "exchange_outage");
});

Deno.test("classOfAbsence() returns delisted for a long silence of one symbol: LUNAUSDT, USDCUSDT", () => {
  const luna = rangeOf("2022-05-13T01:00", "2022-05-31T06:00");
  const usdc = rangeOf("2022-09-26T03:00", "2023-03-11T14:00");
  for (const range of [luna, usdc]) {
    assert.equal(classOfAbsence(range, { others: 0, othersMissing: 0 }), "delisted");
    assert.equal(classOfAbsence(range, { others: 9, othersMissing: 0 }), "delisted");
  }
});

Deno.test("classOfAbsence() returns exchange_outage for a short silence of one symbol", () => {
  const hours = rangeOf("2024-01-01T03:00", "2024-01-01T06:00");
  assert.equal(classOfAbsence(hours, { others: 9, othersMissing: 0 }), "exchange_outage");
});

Deno.test("isDue() requests pending gaps immediately, and outages with growing pauses", () => {
  const askedAt = parseTime("2024-01-01");
  const evidence = { askedAt, host: "x", others: 9, othersMissing: 9 };
  const due = (asked: number, after: number) =>
    isDue({ class: "exchange_outage", evidence: { ...evidence, asked } }, askedAt + after);
  assert.equal(isDue({ class: "pending", evidence: undefined }, askedAt), true);
  assert.equal(isDue({ class: "not_listed", evidence: undefined }, askedAt), false);
  assert.deepEqual([due(1, HOUR_MS - 1), due(1, HOUR_MS)], [false, true]);
  assert.deepEqual([due(2, HOUR_MS), due(2, DAY_MS)], [false, true]);
  assert.deepEqual([due(9, 29 * DAY_MS), due(9, 30 * DAY_MS)], [false, true]);
});

import assert from "node:assert/strict";
import { ageOf, freshnessOf } from "./freshness.ts";
import { parseTime } from "./time.ts";

const last = parseTime("2024-01-01T10:00Z"); // closed at 11:00, the next one closes at 12:00

Deno.test("freshnessOf() is late two minutes after a missed close, stale after a second one", () => {
  const cases: [string, string][] = [
    ["2024-01-01T11:00:05Z", "fresh"],
    ["2024-01-01T12:02:00Z", "fresh"],
    ["2024-01-01T12:02:01Z", "late"],
    ["2024-01-01T13:00:00Z", "late"],
    ["2024-01-01T13:00:01Z", "stale"],
  ];
  for (const [time, word] of cases) assert.equal(freshnessOf(last, "1h", parseTime(time)), word);
});

Deno.test("freshnessOf() allows for the transfer time of short intervals", () => {
  assert.equal(freshnessOf(last, "1m", last + 3 * 60_000), "fresh");
  assert.equal(freshnessOf(last, "1m", last + 6 * 60_000), "late");
  assert.equal(freshnessOf(last, "1m", last + 8 * 60_000), "stale");
});

Deno.test("freshnessOf() is collecting before the first candle is stored", () => {
  assert.equal(freshnessOf(undefined, "1h", last), "collecting");
});

Deno.test("ageOf() counts from the close of the newest candle and never below zero", () => {
  assert.equal(ageOf(last, "1h", parseTime("2024-01-01T11:30Z")), 30 * 60_000);
  assert.equal(ageOf(last, "1h", last), 0);
});

import assert from "node:assert/strict";
import { DAY_MS, SECOND_MS } from "../core/time.ts";
import { readRetryAfter } from "./retry_after.ts";

const NOW = Date.UTC(2025, 5, 15, 12);
const http = (time: number) => new Date(time).toUTCString();

function read(value: string, headers: Record<string, string> = {}) {
  return readRetryAfter(new Headers({ "retry-after": value, ...headers }), NOW);
}

Deno.test("readRetryAfter() reads seconds and the three forms of a date", () => {
  assert.equal(read("437"), 437 * SECOND_MS);
  assert.equal(read("1.5"), 1_500);
  assert.equal(read(http(NOW + 90 * SECOND_MS)), 90 * SECOND_MS);
  assert.equal(read("Sunday, 15-Jun-25 12:01:00 GMT"), 60 * SECOND_MS);
  assert.equal(read("Sun Jun 15 12:01:00 2025"), 60 * SECOND_MS);
});

Deno.test("readRetryAfter() compares a date with the response's Date, independently of the local clock", () => {
  const theirs = NOW + 7 * DAY_MS;
  assert.equal(read(http(theirs + 30 * SECOND_MS), { date: http(theirs) }), 30 * SECOND_MS);
});

Deno.test("readRetryAfter() ignores waits longer than any ban, past dates and invalid numbers", () => {
  const absurd = ["100000000000000", "1000000000000", "259201", "-5", "0", "", "1e3", "0x10"];
  absurd.push(
    "NaN",
    "Infinity",
    "soon",
    "9".repeat(400),
    http(NOW - 1_000),
    http(NOW + 4 * DAY_MS),
  );
  for (const value of absurd) assert.equal(read(value), undefined, value);
  assert.equal(read("259200"), 3 * DAY_MS);
  assert.equal(readRetryAfter(new Headers(), NOW), undefined);
});

import assert from "node:assert/strict";
import { parseTime, toIso } from "./time.ts";

Deno.test("parseTime() reads epoch ms, dates, and ISO times with and without a zone", () => {
  const cases: Record<string, string> = {
    "1704067200000": "2024-01-01T00:00:00.000Z",
    "0": "1970-01-01T00:00:00.000Z",
    "2024-01-01": "2024-01-01T00:00:00.000Z",
    "2024-01-01T05:06": "2024-01-01T05:06:00.000Z",
    "2024-01-01T05:06:07": "2024-01-01T05:06:07.000Z",
    "2024-01-01T05:06:07.8Z": "2024-01-01T05:06:07.800Z",
    "2024-01-01T05:06:07.123456Z": "2024-01-01T05:06:07.123Z",
    "2024-01-01T02:00:00+02:00": "2024-01-01T00:00:00.000Z",
    "2023-12-31T18:30-0530": "2024-01-01T00:00:00.000Z",
    "2024-02-29": "2024-02-29T00:00:00.000Z",
  };
  for (const [text, iso] of Object.entries(cases)) assert.equal(toIso(parseTime(text)), iso, text);
});

Deno.test("parseTime() rejects seconds, negative times, other notations and impossible dates", () => {
  const bad = [
    "",
    " ",
    "now",
    "-1",
    "1",
    "2024",
    "1704067200",
    "99999999999",
    "1e12",
    "1704067200000.5",
    "2024-1-1",
    "2024-13-01",
    "2024-02-30",
    "2023-02-29",
    "2024-01-01T24:00",
    "2024-01-01T10:60",
    "2024-01-01 10:00",
    "2024-01-01T10:00+15:00",
    "2024-01-01T10:00 02:00",
    "1969-12-31",
    "99999999999999999999",
    "1970-01-01T00:00+02:00",
  ];
  for (const text of bad) assert.throws(() => parseTime(text), RangeError, text);
});

Deno.test("toIso() returns text for every number", () => {
  const written = [1e17, 8.64e15 + 1, Infinity, -1e17, NaN].map(toIso);
  const last = "9999-12-31T23:59:59.999Z";
  assert.deepEqual(written, [last, last, last, "0000-01-01T00:00:00.000Z", "unknown time"]);
});

import assert from "node:assert/strict";
import { parseTime } from "../time.ts";
import { ageText, countdownText, dayText, minuteText, utcText } from "./time_text.ts";

Deno.test("utcText() names the zone, and seconds only where there are any", () => {
  assert.equal(utcText(parseTime("2026-01-31T14:00Z")), "2026-01-31 14:00 UTC");
  assert.equal(minuteText(parseTime("2018-02-09T09:28:14.789Z")), "2018-02-09 09:28:14");
  assert.equal(dayText(parseTime("2025-05-06")), "6 May");
});

Deno.test("ageText() shows the two largest units", () => {
  const cases: [number, string][] = [
    [-5, "0 s"],
    [3_999, "3 s"],
    [12 * 60_000 + 59_000, "12 m"],
    [3 * 3_600_000 + 12 * 60_000, "3 h 12 m"],
    [3 * 3_600_000, "3 h"],
    [52 * 3_600_000, "2 d 4 h"],
  ];
  for (const [ms, text] of cases) assert.equal(ageText(ms).replaceAll("\u00a0", " "), text);
});

Deno.test("countdownText() is a clock that ends at zero", () => {
  const texts = [-5, 900, 61_000, 3_600_000, 100_000_000, 180_000_000].map(countdownText);
  assert.deepEqual(texts, ["00:00", "00:01", "01:01", "1:00:00", "27:46:40", "2\u00a0d 2\u00a0h"]);
});

import assert from "node:assert/strict";
import { parseTime, toIso } from "../../core/time.ts";
import { offsetText, UTC, type Zone, zonedText, zonedTicks } from "./zone.ts";

const HOUR = 3_600_000;
/** Berlin, around the start of summer time. */
const SUMMER = parseTime("2025-03-30T01:00Z");
const berlin: Zone = { isUtc: false, offsetAt: (time) => (time < SUMMER ? 1 : 2) * HOUR };

Deno.test("zonedText() shows the offset from UTC", () => {
  assert.equal(zonedText(SUMMER, UTC), "2025-03-30 01:00 UTC");
  assert.equal(zonedText(SUMMER - HOUR, berlin), "2025-03-30 01:00 UTC+1");
  assert.equal(zonedText(SUMMER, berlin), "2025-03-30 03:00 UTC+2");
  const of = (minutes: number) => offsetText(0, { isUtc: false, offsetAt: () => minutes * 60_000 });
  assert.deepEqual([of(330), of(-150), of(0)], ["UTC+5:30", "UTC−2:30", "UTC"]);
});

Deno.test("zonedTicks() are round in the zone on both sides of a clock change", () => {
  const ticks = zonedTicks(SUMMER - 60 * HOUR, SUMMER + 60 * HOUR, 12, berlin);
  const days = ticks.filter(({ isMajor }) => isMajor);
  assert.deepEqual(days.map(({ value, text }) => `${text} ${toIso(value).slice(0, 16)}`), [
    "28 Mar 2025-03-27T23:00",
    "29 Mar 2025-03-28T23:00",
    "30 Mar 2025-03-29T23:00",
    "31 Mar 2025-03-30T22:00",
    "1 Apr 2025-03-31T22:00",
  ]);
});

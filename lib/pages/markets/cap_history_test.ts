import assert from "node:assert/strict";
import type { CapRange } from "../../http/queries/cap_queries.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../core/time.ts";
import type { MarketCapHistory } from "../../ports/market_caps.ts";
import { readCapHistory } from "./cap_history.ts";

const NOW = parseTime("2024-06-01T00:10Z");

/** The steps of a range, for a history that begins at the two times. */
async function stepsOf(
  range: CapRange,
  { firstSnapshot, firstClose }: { firstSnapshot?: number; firstClose?: number },
) {
  let asked: { times: readonly number[]; toleranceMs: number } | undefined;
  const history: MarketCapHistory = {
    supplies: () => Promise.resolve([]),
    begin: () => Promise.resolve({ firstSnapshot, firstClose }),
    at(_, times, toleranceMs) {
      asked = { times, toleranceMs };
      return Promise.resolve([]);
    },
  };
  const read = await readCapHistory(history, [], { range, now: NOW });
  assert.deepEqual(asked, { times: read.times, toleranceMs: read.stepMs });
  return read;
}

Deno.test("readCapHistory() steps through a range on the grid of its step, and ends now", async () => {
  const { times, stepMs } = await stepsOf("7d", { firstClose: 0 });
  assert.equal(stepMs, 2 * HOUR_MS);
  assert.equal(times.length, 7 * 12 + 1);
  assert.equal(times.at(-1), NOW);
  assert.ok(times.slice(0, -1).every((time) => time % stepMs === 0));
  assert.ok(times[0]! >= NOW - 7 * DAY_MS);
});

Deno.test("readCapHistory() requests nothing before the first snapshot or close", async () => {
  const firstClose = NOW - 10 * HOUR_MS;
  const { times } = await stepsOf("30d", { firstSnapshot: NOW - 5 * HOUR_MS, firstClose });
  assert.ok(times.every((time) => time >= firstClose), String(times));
  assert.deepEqual((await stepsOf("1y", {})).times, [NOW], "nothing is known at all");
});

Deno.test("readCapHistory() of the full history uses steps of whole days, at most 180", async () => {
  const whole = await stepsOf("all", { firstClose: parseTime("2017-08-17T04:00Z") });
  assert.equal(whole.stepMs % DAY_MS, 0);
  assert.ok(whole.times.length > 90 && whole.times.length <= 181, `${whole.times.length} steps`);
  const young = await stepsOf("all", { firstSnapshot: NOW - 3 * DAY_MS });
  assert.equal(young.stepMs, DAY_MS);
  assert.equal(young.times.length, 4);
});

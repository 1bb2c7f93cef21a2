import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, parseTime } from "../core/time.ts";
import { manualClock } from "../testing/clock.ts";
import { silent } from "../testing/database/postgres.ts";
import { createStatusBoard } from "./status.ts";

const start = parseTime("2025-06-15T10:20:00Z");

Deno.test("a slow answer, or a pause of the process, does not falsify the exchange's clock", () => {
  const clock = manualClock(start);
  const board = createStatusBoard(clock, silent);
  const read = (serverTime: number, tookMs: number) => {
    const askedAt = clock.now();
    clock.set(askedAt + tookMs);
    board.setServerTime(serverTime, askedAt);
    return board.serverTime() - clock.now();
  };
  assert.equal(read(start + 150, 200), 0, "both clocks may be equal");
  assert.equal(read(clock.now() + 10, MINUTE_MS), 0, "read before the pause");
  assert.equal(read(clock.now() + MINUTE_MS - 10, MINUTE_MS), 0, "read after it");
  assert.equal(read(clock.now() + HOUR_MS, 100), HOUR_MS - 100, "ours is an hour behind");
  assert.equal(read(clock.now() + HOUR_MS, 3 * MINUTE_MS), HOUR_MS - 100);
  assert.equal(read(clock.now() - HOUR_MS, 100), -HOUR_MS, "ours was set");
});

import assert from "node:assert/strict";
import { headlineOf, type SeriesState, worstState } from "./series_status.ts";

const all = (...states: SeriesState[]) =>
  states.map((state) => ({
    ...{ symbol: "BTCUSDT", interval: "1h", state, rows: 0, gaps: [] } as const,
    firstOpenTime: undefined,
    newestClosed: undefined,
    since: undefined,
    expected: undefined,
    coverage: undefined,
    remaining: undefined,
    activity: undefined,
    archived: undefined,
  }));

Deno.test("headlineOf() counts late, stale and collecting series among the configured ones", () => {
  for (
    const [states, words, worst] of [
      [["fresh", "fresh"], "All 2 series fresh", "fresh"],
      [["fresh"], "1 series fresh", "fresh"],
      [["fresh", "idle", "left"], "All 2 series fresh", "fresh"],
      [["fresh", "late", "late"], "2 of 3 late", "late"],
      [
        ["stale", "late", "collecting", "fresh"],
        "1 of 4 stale, 1 of 4 late, 1 of 4 collecting",
        "stale",
      ],
      [[], "No series", "fresh"],
    ] as const
  ) {
    assert.equal(headlineOf(all(...states)), words);
    assert.equal(worstState(all(...states)), worst);
  }
});

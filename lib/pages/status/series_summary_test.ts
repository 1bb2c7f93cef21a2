import assert from "node:assert/strict";
import type { SeriesState, SeriesStatus } from "./series_status.ts";
import { headlineOf, summarise, worstState } from "./series_summary.ts";

const one: SeriesStatus = {
  symbol: "BTCUSDT",
  interval: "1h",
  state: "fresh",
  quote: "USDT",
  symbolStatus: "TRADING",
  rows: 0,
  importedRows: 0,
  gaps: [],
  firstOpenTime: undefined,
  newestClosed: undefined,
  since: undefined,
  expected: undefined,
  coverage: undefined,
  remaining: undefined,
  archived: undefined,
};
const all = (...states: SeriesState[]) => states.map((state) => ({ ...one, state }));

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
    const summary = summarise(all(...states), undefined);
    assert.equal(headlineOf(summary), words);
    assert.equal(worstState(summary), worst);
  }
});

Deno.test("summarise() sums candles, gaps and the cost of the history that is missing", () => {
  const gap = (missing: number) => ({ class: "pending", ranges: 1, missing }) as const;
  const summary = summarise([
    { ...one, rows: 5, remaining: 0, newestClosed: 7, since: 3, gaps: [gap(2)] },
    { ...one, interval: "4h", rows: 6, remaining: 2_500, newestClosed: 9, since: 2 },
    { ...one, rows: 7, remaining: undefined, gaps: [gap(1)], quote: "EUR" },
    { ...one, state: "left", rows: 1, remaining: 0, newestClosed: 99, symbolStatus: undefined },
  ], 6_000);
  assert.deepEqual([summary.total, summary.complete, summary.rows], [4, 2, 19]);
  assert.deepEqual([...summary.rowsOf], [["1h", 13], ["4h", 6]]);
  assert.deepEqual(summary.gaps, [{ class: "pending", ranges: 2, missing: 3 }]);
  assert.deepEqual([summary.newest?.newestClosed, summary.since], [9, 2]);
  assert.deepEqual([summary.quotes, summary.symbolStatuses], [["EUR", "USDT"], ["TRADING"]]);
  const { total, first, plan } = summary.openHistory;
  assert.deepEqual([total, first.length, plan.rows, plan.requests], [2, 2, 2_500, 3 + 1]);
});

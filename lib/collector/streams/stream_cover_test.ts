import assert from "node:assert/strict";
import type { Interval } from "../../core/interval.ts";
import type { Series } from "../../core/kline.ts";
import { MINUTE_MS, parseTime } from "../../core/time.ts";
import type { StreamState } from "../../ports/close_streams.ts";
import type { SeriesState } from "../../ports/kline_store.ts";
import { moment } from "../../testing/metric_moment.ts";
import { findStreamed, streamedIntervals, withoutStreamed } from "./stream_cover.ts";

const numbered = (count: number, interval: Interval): Series[] =>
  Array.from({ length: count }, (_, i) => ({ symbol: `S${i}USDT`, interval }));

const streamed = (series: readonly Series[], limit = 6_000) => [
  ...streamedIntervals(series, limit),
];

Deno.test("streamedIntervals() leaves to REST what costs at most one percent of the weight", () => {
  assert.deepEqual(streamed(numbered(30, "1m")), []);
  assert.deepEqual(streamed(numbered(31, "1m")), ["1m"]);
  assert.deepEqual(streamed(numbered(31, "1s")), ["1s"]);
  assert.deepEqual(streamed(numbered(150, "5m")), []);
  assert.deepEqual(streamed(numbered(151, "5m")), ["5m"]);
  assert.deepEqual(streamed(numbered(1_800, "1h")), []);
  assert.deepEqual(streamed(numbered(1_801, "1h")), ["1h"]);
  assert.deepEqual(streamed(numbered(3_000, "1d")), []);
  assert.deepEqual(streamed(numbered(31, "1m"), 60_000), [], "with a higher limit");
  assert.deepEqual(streamed([...numbered(50, "1m"), ...numbered(50, "1h")]), ["1m"]);
});

const now = parseTime("2025-06-15T10:20:05Z");
const series: Series[] = [
  { symbol: "CURRENT", interval: "1m" },
  { symbol: "QUIET", interval: "1m" },
  { symbol: "BEHIND", interval: "1m" },
  { symbol: "EMPTY", interval: "1m" },
  { symbol: "CURRENT", interval: "1h" },
];

const state = (minutes: number): SeriesState => ({
  firstOpenTime: 0,
  lastOpenTime: now - now % MINUTE_MS - minutes * MINUTE_MS,
  listedAt: undefined,
  auditedTo: undefined,
  version: 1,
  rows: 1,
});

/** The series that the collector requests, with this state of the streams. */
async function others(streams: Partial<StreamState> | undefined): Promise<string> {
  const states = new Map([
    ["CURRENT 1m", state(1)],
    ["QUIET 1m", state(5)],
    ["BEHIND 1m", state(60)],
    ["CURRENT 1h", state(60)],
  ]);
  const left = await withoutStreamed({
    board: {
      read: () => Promise.resolve(streams && { ...moment.streams!, isComplete: true, ...streams }),
    },
    store: { listStates: () => Promise.resolve(states) },
    serverTime: () => now,
  }, series);
  return left.map(({ symbol, interval }) => `${symbol} ${interval}`).join();
}

Deno.test("withoutStreamed() leaves to the streams what they deliver", async () => {
  const all = "CURRENT 1m,QUIET 1m,BEHIND 1m,EMPTY 1m,CURRENT 1h";
  assert.equal(await others(undefined), all, "no instance follows streams");
  assert.equal(await others({ intervals: [] }), all);
  assert.equal(await others({}), "BEHIND 1m,EMPTY 1m,CURRENT 1h");
  assert.equal(
    await others({ isComplete: false }),
    "QUIET 1m,BEHIND 1m,EMPTY 1m,CURRENT 1h",
    "while a connection is broken",
  );
});

Deno.test("findStreamed() and withoutStreamed() do without a board that cannot be read", async () => {
  const board = { read: () => Promise.reject(new Error("no KV")) };
  const store = { listStates: () => Promise.resolve(new Map()) };
  assert.equal((await withoutStreamed({ board, store, serverTime: () => now }, series)).length, 5);
  assert.equal((await findStreamed({ board }))(series[0]!), false);
});

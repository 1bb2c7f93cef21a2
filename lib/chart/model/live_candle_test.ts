import assert from "node:assert/strict";
import { klineAt, toRow } from "../../testing/klines.ts";
import { backoff } from "../session/live_feed.ts";
import { findLiveCandle } from "./live_candle.ts";

Deno.test("findLiveCandle() parses a row of the exchange's klines, and nothing else", () => {
  const row = toRow(klineAt("2025-05-31T22:00Z", "1h"));
  const candle = findLiveCandle(JSON.stringify(row))!;
  assert.equal(candle.openTime, row[0]);
  assert.equal(`${candle.close.toFixed(8)}`, row[4]);
  assert.equal(candle.trades, row[8]);
  const texts = ["", "null", "{}", "[1,2]", JSON.stringify(row.with(4, "n/a")), '{"length":12}'];
  for (const text of texts) assert.equal(findLiveCandle(text), undefined, text);
});

Deno.test("backoff() doubles up to a minute, half of it random", () => {
  const waits = [0, 1, 3, 30].map((failures) => backoff(failures, () => 0.5));
  assert.deepEqual(waits, [1_000, 2_000, 8_000, 60_000]);
  assert.deepEqual([backoff(0, () => 0), backoff(0, () => 1)], [750, 1_250]);
});

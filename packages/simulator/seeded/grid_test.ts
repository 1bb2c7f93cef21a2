import assert from "node:assert/strict";
import { endOf, INTERVALS, openTimeOf } from "../../../lib/core/interval.ts";
import { at } from "../testing/client.ts";
import { Grid } from "./grid.ts";

Deno.test("Grid: blocks hold whole candles and meet without overlap", () => {
  for (const interval of INTERVALS) {
    const grid = new Grid(interval, undefined);
    const block = grid.blockAt(at("2024-05-15T10:20:30.400Z"));
    const spans = grid.spans(block);
    assert.equal(spans[0]!.from, block.from, interval);
    assert.equal(spans.at(-1)!.to, block.to, interval);
    assert.equal(grid.blockAt(block.to).from, block.to, interval);
    assert.deepEqual(grid.blockAt(block.to - 1), block, interval);
    for (const { from, to } of spans) {
      assert.equal(openTimeOf(from, interval), from);
      assert.equal(endOf(from, interval), to);
    }
  }
});

Deno.test("Grid.spanAt() is the candle around a time, off the grid too", () => {
  const off = {
    silentFrom: at("2018-02-08T00:28:14.789Z"),
    from: at("2018-02-09T09:28:14.789Z"),
    to: at("2018-02-11T04:00:00Z"),
    offset: 28 * 60_000 + 14_789,
  };
  const span = (interval: "1m" | "1h" | "2h" | "4h", time: string) => {
    const { from, to } = new Grid(interval, off).spanAt(at(time));
    return [new Date(from).toISOString(), new Date(to).toISOString()];
  };
  assert.deepEqual(span("2h", "2018-02-09T10:00:00Z"), [
    "2018-02-09T08:28:14.789Z",
    "2018-02-09T10:28:14.789Z",
  ]);
  assert.deepEqual(span("1h", "2018-02-11T03:59:59Z"), [
    "2018-02-11T03:28:14.789Z",
    "2018-02-11T04:00:00.000Z",
  ]);
  assert.deepEqual(span("4h", "2018-02-09T10:00:00Z"), [
    "2018-02-09T08:00:00.000Z",
    "2018-02-09T12:00:00.000Z",
  ]);
  assert.deepEqual(span("1m", "2018-02-11T04:00:30Z"), [
    "2018-02-11T04:00:00.000Z",
    "2018-02-11T04:01:00.000Z",
  ]);
});

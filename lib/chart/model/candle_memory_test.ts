import assert from "node:assert/strict";
import type { Candle } from "./candle.ts";
import { MAX_CANDLES } from "../../core/kline.ts";
import { CandleMemory } from "./candle_memory.ts";

const HOUR = 3_600_000;

function candleAt(hour: number, close = hour): Candle {
  const prices = { open: hour, high: hour, low: hour, close };
  return { openTime: hour * HOUR, ...prices, volume: 1, quoteVolume: 1, trades: 1, takerBuy: 1 };
}

function makeMemory() {
  const asked: string[] = [];
  const memory = new CandleMemory("1h", (_, { from, to }) => {
    asked.push(`${from / HOUR}..${to / HOUR}`);
    const count = Math.ceil((to - from) / HOUR);
    return Promise.resolve(Array.from({ length: count }, (_, i) => candleAt(from / HOUR + i)));
  });
  const cover = (from: number, to: number) => memory.cover({ from: from * HOUR, to: to * HOUR });
  return { memory, asked, cover };
}

Deno.test("CandleMemory.cover() requests only missing candles, one range at a time", async () => {
  const { memory, asked, cover } = makeMemory();
  await Promise.all([cover(100, 200), cover(50, 220), cover(60, 210)]);
  assert.deepEqual(asked, ["100..200", "50..100", "200..220"]);
  assert.deepEqual(
    memory.candles.map(({ open }) => open),
    Array.from({ length: 170 }, (_, i) => 50 + i),
  );
  assert.equal(await cover(50, 220), false);
});

Deno.test("CandleMemory.cover() starts over for a distant range, and never requests more than a batch", async () => {
  const { memory, asked, cover } = makeMemory();
  await cover(20_000, 20_100);
  await cover(0, 20_100);
  assert.equal(asked.at(-1), `${20_000 - MAX_CANDLES}..20000`);
  await cover(0, 50);
  assert.equal(asked.at(-1), "0..50");
  assert.equal(memory.candles.length, 50);
});

Deno.test("CandleMemory.append() adds and replaces candles, and extends the loaded range", async () => {
  const { memory, cover } = makeMemory();
  await cover(0, 10);
  memory.append([candleAt(9, 1), candleAt(10)], 11 * HOUR);
  assert.deepEqual(memory.candles.slice(-2).map(({ close }) => close), [1, 10]);
  assert.ok(memory.holds({ from: 0, to: 11 * HOUR }));
});

Deno.test("CandleMemory.cover() can be repeated after a failure", async () => {
  let fails = true;
  const memory = new CandleMemory(
    "1h",
    () => fails ? Promise.reject(new Error("no")) : Promise.resolve([candleAt(0)]),
  );
  await assert.rejects(memory.cover({ from: 0, to: HOUR }), /no/);
  fails = false;
  assert.ok(await memory.cover({ from: 0, to: HOUR }));
  assert.equal(memory.candles.length, 1);
});

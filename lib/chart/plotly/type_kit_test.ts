import assert from "node:assert/strict";
import type { Candle } from "../model/candle.ts";
import type { LoadCandles } from "../model/candle_memory.ts";
import { toDrawn } from "../model/drawn_prices.ts";
import { loadDrawn } from "./type_kit.ts";

const HOUR = 3_600_000;

/** A random walk that swings by 3 % a candle. */
function walk(count: number): Candle[] {
  let [open, seed] = [104_591.88, 1];
  const chance = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: count }, (_, i) => {
    const close = open * (0.97 + 0.06 * chance());
    const [high, low] = [Math.max(open, close) * 1.01, Math.min(open, close) * 0.99];
    const prices = { open, high, low, close };
    open = close;
    return { openTime: i * HOUR, ...prices, volume: 1, quoteVolume: 1, trades: 1, takerBuy: 1 };
  });
}

const STORED = walk(900);
const load: LoadCandles = (_, { from, to }) =>
  Promise.resolve(STORED.filter(({ openTime }) => openTime >= from && openTime < to));
const range = (from: number, to: number) => ({ from: from * HOUR, to: to * HOUR });

Deno.test("Heikin-Ashi candles do not depend on how many earlier ones are loaded", async () => {
  const all = toDrawn(STORED, { type: "heikin", stepMs: HOUR });
  for (const start of [0, 1, 63, 200, 700]) {
    const some = await loadDrawn(load, "heikin")("1h", range(start, 900));
    assert.equal(some.length, 900 - start);
    some.forEach(({ drawn }, i) => {
      for (const key of ["open", "high", "low", "close"] as const) {
        const [a, b] = [drawn![key], all[start + i]!.drawn![key]];
        assert.ok(Math.abs(a - b) <= 1e-10, `${key} of candle ${start + i}: ${a}, ${b}`);
      }
    });
  }
});

Deno.test("loadDrawn() asks for earlier candles only where a type needs them", async () => {
  const asked: number[] = [];
  const counted: LoadCandles = (interval, range) => {
    asked.push((range.to - range.from) / HOUR);
    return load(interval, range);
  };
  for (const type of ["line", "hollow", "heikin"] as const) {
    await loadDrawn(counted, type)("1h", range(500, 600));
  }
  assert.deepEqual(asked, [100, 1, 100, 64, 100]);
});

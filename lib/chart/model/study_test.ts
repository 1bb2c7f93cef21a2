import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { Candle } from "./candle.ts";
import { findOverlay } from "../../core/overlay.ts";
import { atIndices, toStudies, warmUpOf, withoutFirst } from "./study.ts";

const HOUR = 3_600_000;
const start = parseTime("2025-05-01");

function walk(count: number): Candle[] {
  return Array.from({ length: count }, (_, i) => {
    const close = 1000 + 50 * Math.sin(i * 0.7) + 20 * Math.sin(i * 5.1);
    const rest = { high: close + 3, low: close - 3, volume: 2, quoteVolume: 2 * close };
    return { openTime: start + i * HOUR, open: close, close, ...rest, trades: 1, takerBuy: 1 };
  });
}

const overlays = (names: string) => names.split(",").map((name) => findOverlay(name)!);

Deno.test("toStudies() break at gaps and restart after them", () => {
  const candles = walk(40).filter((_, i) => i < 20 || i >= 25);
  const [study] = toStudies(candles, overlays("sma5"), "1h");
  const { values } = study!.lines[0]!;
  assert.equal(values.length, 35);
  const blank = values.flatMap((value, i) => value === undefined ? [i] : []);
  assert.deepEqual(blank, [0, 1, 2, 3, 20, 21, 22, 23]);
});

Deno.test("toStudies() neither have values at imported candles nor continue across them", () => {
  const candles = walk(40).map((candle, i) =>
    i >= 20 && i < 25 ? { ...candle, close: 9, volume: NaN, isImported: true } : candle
  );
  const own = candles.filter(({ isImported }) => !isImported);
  for (const name of ["sma5", "rsi5", "vwap"]) {
    const { values } = toStudies(candles, overlays(name), "1h")[0]!.lines[0]!;
    assert.equal(values.length, 40);
    const expected = toStudies(own, overlays(name), "1h")[0]!.lines[0]!.values;
    assert.deepEqual(values.slice(20, 25), Array(5).fill(undefined), name);
    assert.deepEqual(values.toSpliced(20, 5), expected, name);
  }
});

Deno.test("warmUpOf() candles before the first one give the same values as all of history", () => {
  const candles = walk(4000);
  for (const name of ["sma20", "ema50", "ema200", "bb20", "rsi14", "rsi100", "vwap"]) {
    const whole = toStudies(candles, overlays(name), "1h")[0]!;
    const shown = candles.length - 10;
    const from = shown - warmUpOf(overlays(name), "1h");
    const part = withoutFirst(toStudies(candles.slice(from), overlays(name), "1h"), shown - from);
    whole.lines.forEach(({ values }, i) => {
      const [wanted, got] = [values[shown]!, part[0]!.lines[i]!.values[0]!];
      assert.ok(Math.abs(wanted - got) <= 1e-5 * Math.abs(wanted), `${name}: ${wanted}, ${got}`);
    });
  }
});

Deno.test("atIndices() keeps the values of the given candles", () => {
  const studies = toStudies(walk(9), overlays("sma2"), "1h");
  const { values } = studies[0]!.lines[0]!;
  assert.deepEqual(atIndices(studies, [4, 8])[0]!.lines[0]!.values, [values[4], values[8]]);
});

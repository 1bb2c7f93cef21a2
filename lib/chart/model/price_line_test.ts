import assert from "node:assert/strict";
import type { ChartType } from "../../core/chart_address.ts";
import type { Candle } from "./candle.ts";
import { toPriceLines } from "./price_line.ts";

const bars = (closes: readonly (number | undefined)[]): Candle[] =>
  closes.flatMap((close, i) =>
    close === undefined ? [] : [{
      openTime: i * 100,
      open: close,
      high: close,
      low: close,
      close,
      volume: 1,
      quoteVolume: 1,
      trades: 1,
      takerBuy: 1,
    }]
  );

function linesOf(closes: readonly (number | undefined)[], type: ChartType, isLog = false) {
  const { sides, base } = toPriceLines(bars(closes), { type, stepMs: 100, from: -50, isLog });
  const points = (line: readonly { time: number; price: number }[]) =>
    line.map(({ time, price }) => `${Math.round(time)}:${price}`).join(" ");
  return {
    base,
    sides: Object.fromEntries(
      sides.map(({ side, lines, dots }) => [side, [...lines.map(points), `dots ${points(dots)}`]]),
    ),
  };
}

Deno.test("toPriceLines() ends a line at a gap, and keeps a close between two gaps as a dot", () => {
  const { sides } = linesOf([1, 2, undefined, 4, undefined, 6, 7], "line");
  assert.deepEqual(sides, { line: ["0:1 100:2", "500:6 600:7", "dots 300:4"] });
});

Deno.test("toPriceLines() of one bar is a dot, for each type", () => {
  assert.deepEqual(linesOf([3], "area").sides, { line: ["dots 0:3"] });
  assert.deepEqual(linesOf([3], "baseline"), {
    base: 3,
    sides: { above: ["dots 0:3"], below: ["dots "] },
  });
});

Deno.test("toPriceLines() splits a baseline chart where it crosses the first close in view", () => {
  const { base, sides } = linesOf([10, 14, 6, 8, 12], "baseline");
  assert.equal(base, 10);
  assert.deepEqual(sides, {
    above: ["0:10 100:14 150:10", "350:10 400:12", "dots "],
    below: ["150:10 200:6 300:8 350:10", "dots "],
  });
});

Deno.test("toPriceLines() crosses the base at a close that equals it, without an empty line", () => {
  const { sides } = linesOf([10, 6, 10, 6, 14], "baseline");
  assert.deepEqual(sides, {
    above: ["350:10 400:14", "dots "],
    below: ["0:10 100:6 200:10", "200:10 300:6 350:10", "dots "],
  });
});

Deno.test("toPriceLines() crosses where a straight line does on a logarithmic axis", () => {
  const { sides } = linesOf([10, 5, 20], "baseline", true);
  assert.deepEqual(sides.below, ["0:10 100:5 150:10", "dots "]);
});

Deno.test("toPriceLines() takes the base from the first bar in view, not from those before it", () => {
  const scene = { type: "baseline", stepMs: 100, from: 150, isLog: false } as const;
  assert.equal(toPriceLines(bars([1, 2, 3, 4]), scene).base, 3);
});

import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { Candle } from "../model/candle.ts";
import { PLAIN, rsiY, windowOf, yOf } from "../model/chart_window.ts";
import { findOverlay } from "../../core/overlay.ts";
import { toStudies, withoutFirst } from "../model/study.ts";
import { thinned, toStudyPaths } from "./study_paths.ts";

const HOUR = 3_600_000;
const start = parseTime("2025-05-01");
const HEIGHT = 560;

function walk(count: number): Candle[] {
  return Array.from({ length: count }, (_, i) => {
    const close = 1000 + 60 * Math.sin(i * 0.11) + 20 * Math.sin(i * 0.7) + 9 * Math.sin(i * 5.1);
    const rest = { high: close + 3, low: close - 3, volume: 2, quoteVolume: 2 * close };
    return { openTime: start + i * HOUR, open: close, close, ...rest, trades: 1, takerBuy: 1 };
  });
}

/** Draws `names` over `candles` without the first `count`. */
function draw(names: string, candles: readonly Candle[], { count = 0, room = 1e6 } = {}) {
  const overlays = names.split(",").map((name) => findOverlay(name)!);
  const studies = withoutFirst(toStudies(candles, overlays, "1h"), count);
  const bars = candles.slice(count);
  const hasRsi = overlays.some(({ kind }) => kind === "rsi");
  const window = windowOf({ bars, stepMs: HOUR, shape: { ...PLAIN, hasRsi } });
  return {
    studies,
    bars,
    window,
    paths: toStudyPaths(studies, bars, window, { height: HEIGHT, room }),
  };
}

/** The points of a path's pieces, in units. */
function piecesOf(path: string): { x: number; y: number }[][] {
  return path.split("M").slice(1).map((piece) => {
    const numbers = piece.match(/-?(?:\d+\.?\d*|\.\d+)/g)!.map(Number);
    let [x, y] = [0, 0];
    return Array.from({ length: numbers.length / 2 }, (_, i) => {
      [x, y] = [x + numbers[2 * i]!, y + numbers[2 * i + 1]!];
      return { x, y };
    });
  });
}

/** Height of a piece at `x`. */
function heightAt(points: readonly { x: number; y: number }[], x: number): number {
  const next = Math.max(1, points.findIndex((point) => point.x >= x - 0.01));
  const [a, b] = [points[next - 1]!, points[next]!];
  return a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x);
}

Deno.test("toStudyPaths() pass every value within a px", () => {
  const { paths, studies, bars, window } = draw("sma20,rsi14", walk(350), { count: 50 });
  assert.deepEqual(paths.map(({ index, part }) => `${index} ${part}`), ["0 value", "1 value"]);
  paths.forEach(({ path, index }) => {
    const [piece, ...others] = piecesOf(path);
    assert.equal(others.length, 0);
    studies[index]!.lines[0]!.values.forEach((value, i) => {
      const share = index === 1 ? rsiY(value!) : yOf(window, value!);
      const x = (bars[i]!.openTime - window.from) / HOUR;
      const off = Math.abs(heightAt(piece!, x) - share * HEIGHT);
      assert.ok(off <= 1.05, `study ${index} is ${off} off at candle ${i}`);
    });
  });
});

Deno.test("toStudyPaths() break at gaps and restart after them", () => {
  const { paths } = draw("sma5", walk(100).filter((_, i) => i < 40 || i >= 46));
  const pieces = piecesOf(paths[0]!.path);
  assert.deepEqual(pieces.map((piece) => [piece[0]!.x, piece.at(-1)!.x].map(Math.round)), [
    [4, 39],
    [50, 99],
  ]);
});

Deno.test("toStudyPaths() omit parts outside the price range", () => {
  const jump = walk(120).map((candle, i) => {
    const by = i < 60 ? 0 : 500;
    return { ...candle, close: candle.close + by, high: candle.high + by, low: candle.low + by };
  });
  const { paths, window } = draw("bb20", jump, { count: 19 });
  const lower = paths.find(({ part }) => part === "lower")!;
  assert.equal(piecesOf(lower.path).length, 2, "the band leaves the window and comes back");
  for (const { path } of paths) {
    for (const { y } of piecesOf(path).flat()) {
      assert.ok(y >= 0 && y <= Math.ceil(yOf(window, window.low) * HEIGHT), `${y}`);
    }
  }
});

Deno.test("toStudyPaths() draw the middle band once if the same SMA is also drawn", () => {
  const parts = (names: string) =>
    draw(names, walk(60)).paths.map(({ index, part }) => `${index} ${part}`).join();
  assert.equal(parts("sma20,bb20"), "0 value,1 upper,1 lower");
  assert.equal(parts("sma10,bb20"), "0 value,1 upper,1 middle,1 lower");
});

Deno.test("toStudyPaths() stay within their size limit, as precise as it allows", () => {
  const names = "sma20,ema50,bb20,vwap,rsi14";
  const candles = walk(500);
  const sizeOf = (room: number) =>
    draw(names, candles, { count: 200, room }).paths.reduce(
      (sum, { path }) => sum + path.length,
      0,
    );
  const [free, tight] = [sizeOf(1e6), sizeOf(1600)];
  assert.ok(free > 2000, `${free}`);
  assert.ok(tight <= 1600 && tight > 1100, `${tight}`);
});

Deno.test("thinned() keeps two points of a straight line, and every corner of a bent one", () => {
  const line = Array.from({ length: 50 }, (_, x) => ({ x, y: 3 * x }));
  assert.deepEqual(thinned(line, 0.5), [line[0], line[49]]);
  const bent = Array.from({ length: 21 }, (_, x) => ({ x, y: 10 * Math.abs(x - 10) }));
  assert.deepEqual(thinned(bent, 0.5), [bent[0], bent[10], bent[20]]);
  assert.deepEqual(thinned([], 1), []);
  assert.deepEqual(thinned([{ x: 1, y: 2.4 }], 1), [{ x: 1, y: 2 }]);
});

import assert from "node:assert/strict";
import type { Candle } from "../../chart/model/candle.ts";
import { toCandlePage } from "./candle_rows.ts";

const candle = (openTime: number) => ({ openTime }) as Candle;
const gap = (from: number, to: number) =>
  ({ from, to, missing: to - from, class: "pending" }) as const;

const candles = [1, 2, 3, 6, 7, 9].map(candle);
const gaps = [gap(4, 6), gap(8, 9)];

function page(wanted: number, size: number) {
  const { rows, ...rest } = toCandlePage(candles, gaps, { wanted, size });
  const names = rows.map((row) =>
    row.kind === "candle" ? row.candle.openTime : `${row.gap.from}-${row.gap.to}`
  );
  return { names, ...rest };
}

Deno.test("toCandlePage() puts the newest first and gaps between their neighbours", () => {
  assert.deepEqual(page(1, 6), {
    names: [9, "8-9", 7, 6, "4-6", 3, 2, 1],
    page: 1,
    pages: 1,
    first: 1,
    last: 6,
  });
});

Deno.test("toCandlePage() puts every candle and every gap on exactly one page", () => {
  const pages = [1, 2, 3].map((wanted) => page(wanted, 2));
  assert.deepEqual(pages.map(({ names }) => names), [[9, "8-9", 7], [6, "4-6", 3], [2, 1]]);
  assert.deepEqual(pages.map(({ first, last }) => [first, last]), [[1, 2], [3, 4], [5, 6]]);
  assert.deepEqual(page(1, 4).names.concat(page(2, 4).names), page(1, 6).names);
});

Deno.test("toCandlePage() beyond the last page returns the last one", () => {
  assert.equal(page(99, 4).page, 2);
  assert.equal(toCandlePage([], [], { wanted: 1, size: 4 }).pages, 1);
});

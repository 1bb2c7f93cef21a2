import assert from "node:assert/strict";
import type { Candle } from "../chart/candle.ts";
import { toCandleRows } from "./candle_rows.ts";

const candle = (openTime: number) => ({ openTime }) as Candle;
const hole = (from: number, to: number) =>
  ({ from, to, missing: to - from, class: "pending" }) as const;

Deno.test("toCandleRows() puts the newest first and holes between their neighbours", () => {
  const candles = [1, 2, 3, 6, 7].map(candle);
  const rows = toCandleRows(candles, [hole(4, 6)], 3);
  assert.deepEqual(
    rows.map((row) =>
      row.kind === "candle" ? row.candle.openTime : `${row.hole.from}-${row.hole.to}`
    ),
    [7, 6, "4-6", 3],
  );
});

Deno.test("toCandleRows() leaves out holes before the oldest row", () => {
  assert.equal(toCandleRows([1, 5, 6].map(candle), [hole(2, 5)], 2).length, 2);
});

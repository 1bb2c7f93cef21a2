import assert from "node:assert/strict";
import { klineAt, klinesFrom } from "../testing/klines.ts";
import { INTERVALS } from "./interval.ts";
import { causeOf, divides, longestBase, partsIn, proofBase } from "./rollup.ts";

Deno.test("longestBase() is the longest stored interval that divides another", () => {
  assert.equal(longestBase("1d", ["1m", "1h", "4h", "1d"]), "4h");
  assert.equal(longestBase("6h", ["1m", "1h", "4h"]), "1h");
  assert.equal(longestBase("1w", ["8h", "3d"]), "8h");
  assert.equal(longestBase("1M", ["1w", "3d"]), undefined);
  assert.equal(longestBase("1h", ["1h", "4h"]), undefined);
  assert.equal(longestBase("1s", INTERVALS), undefined);
});

Deno.test("proofBase() prefers 1m, 1h and 1d", () => {
  assert.equal(proofBase("4h", INTERVALS), "1h");
  assert.equal(proofBase("1h", INTERVALS), "1m");
  assert.equal(proofBase("1w", INTERVALS), "1d");
  assert.equal(proofBase("1m", INTERVALS), "1s");
  assert.equal(proofBase("1d", ["4h", "1d", "15m"]), "4h");
});

Deno.test("divides() allows no interval longer than a day as a part", () => {
  const pairs = INTERVALS.flatMap((base) =>
    INTERVALS.filter((interval) => divides(base, interval)).map((interval) => [base, interval])
  );
  assert.ok(pairs.every(([base]) => !["3d", "1w", "1M"].includes(base!)));
  assert.equal(partsIn("1h", "1M"), 31 * 24);
});

Deno.test("causeOf() names the strongest evidence", () => {
  const candle = klineAt("2024-01-01", "4h");
  const parts = klinesFrom("2024-01-01", "1h", 4);
  const evidence = {
    interval: "4h",
    base: "1h",
    candle,
    parts,
    columns: ["volume"],
    hasOutage: false,
  } as const;
  assert.equal(causeOf(evidence), "late_trades");
  assert.equal(causeOf({ ...evidence, columns: ["volume", "low_price"] }), "exchange");
  assert.equal(causeOf({ ...evidence, hasOutage: true }), "outage");
  const cut = { ...candle, closeTime: candle.closeTime - 5 };
  assert.equal(causeOf({ ...evidence, candle: cut }), "outage");
  const [first] = parts;
  const late = { ...first!, openTime: first!.openTime + 1_694_789 };
  assert.equal(causeOf({ ...evidence, parts: [late] }), "off_grid");
});

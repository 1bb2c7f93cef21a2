import assert from "node:assert/strict";
import type { Gap } from "../ports/gap_ledger.ts";
import { findTurn, REPAIR_SERIES } from "./jobs.ts";
import { createRotation } from "./rotation.ts";

const all = ["A", "B", "C", "D", "E"].map((symbol) => ({ symbol, interval: "1h" as const }));
const names = (series: readonly { symbol: string }[]) =>
  series.map(({ symbol }) => symbol).join("");

Deno.test("take() continues after the last series, and begins again at the end", () => {
  const rotation = createRotation(() => 0.3);
  assert.equal(names(rotation.take(all, 2)), "BC");
  assert.equal(names(rotation.take(all, 2)), "DE");
  assert.equal(names(rotation.take(all, 3)), "ABC");
  assert.equal(names(rotation.take(all, 9)), "DEABC");
});

Deno.test("take() goes on when series are added, and begins anywhere when the last one is gone", () => {
  const rotation = createRotation(() => 0);
  assert.equal(names(rotation.take(all, 2)), "AB");
  const more = [all[0]!, all[1]!, { symbol: "X", interval: "1h" as const }, ...all.slice(2)];
  assert.equal(names(rotation.take(more, 2)), "XC");
  assert.equal(names(rotation.take(all.slice(0, 2), 2)), "AB");
  assert.equal(names(rotation.take([], 2)), "");
});

Deno.test("giveBack() continues with the first series that was not done", () => {
  const rotation = createRotation(() => 0);
  assert.equal(names(rotation.take(all, 3)), "ABC");
  rotation.giveBack(({ symbol }) => symbol === "B" || symbol === "C");
  assert.equal(names(rotation.take(all, 3)), "BCD");
  rotation.giveBack(() => false);
  assert.equal(names(rotation.take(all, 3)), "EAB");
  rotation.giveBack(({ symbol }) => symbol === "E");
  assert.equal(names(rotation.take(all.slice(0, 4), 2)), "CD", "E is gone: after the last one");
});

Deno.test("a repair of many series does pending gaps first, and every series in a few runs", async () => {
  const series = Array.from({ length: 1_500 }, (_, i) => ({
    symbol: `S${i}`,
    interval: "1h" as const,
  }));
  const pending = series.slice(700, 1_000);
  const gaps = { list: () => Promise.resolve(pending as unknown as Gap[]) };
  const rotation = { pending: createRotation(), all: createRotation() };
  const seen = new Set<string>();
  const repaired = new Set<string>();
  for (let run = 0; run < 30; run++) {
    const turn = await findTurn({ gaps, rotation }, series);
    assert.ok(turn.length <= REPAIR_SERIES);
    for (const { symbol } of turn) seen.add(symbol);
    if (run < 6) { for (const { symbol } of turn) repaired.add(symbol); }
  }
  assert.equal(seen.size, series.length);
  assert.ok(pending.every(({ symbol }) => repaired.has(symbol)), "300 pending in six runs");
});

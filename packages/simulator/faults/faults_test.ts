import assert from "node:assert/strict";
import { type FaultKind, isFaultKind } from "./fault_kinds.ts";
import { Faults, type FaultTarget } from "./faults.ts";

const klines = (symbol: string, interval = "1h"): FaultTarget => ({
  area: "klines",
  url: `/api/v3/klines?symbol=${symbol}&interval=${interval}`,
  symbol,
  interval,
});

function struck(faults: Faults, target: FaultTarget, times: number): (FaultKind | undefined)[] {
  return Array.from({ length: times }, () => faults.take(target)?.kind);
}

Deno.test("Faults: count and skip say which of the fitting requests are struck", () => {
  const faults = new Faults(() => 0, 1);
  faults.add({ kind: "500", count: 2, skip: 1 });
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 5), [
    undefined,
    "500",
    "500",
    undefined,
    undefined,
  ]);
});

Deno.test("Faults: symbol, interval, path and kind must fit; the one added first goes first", () => {
  const faults = new Faults(() => 0, 1);
  faults.add({ kind: "502", symbol: "ETHUSDT", interval: "1d" });
  faults.add({ kind: "503", path: "symbol=ETH" });
  faults.add({ kind: "cut-file" });
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 1), [undefined]);
  assert.deepEqual(struck(faults, klines("ETHUSDT"), 1), ["503"]);
  assert.deepEqual(struck(faults, klines("ETHUSDT", "1d"), 1), ["502"]);
});

Deno.test("Faults: until ends them by the simulated clock, remove() and clear() at once", () => {
  let now = 0;
  const faults = new Faults(() => now, 1);
  const id = faults.add({ kind: "500", until: 100 });
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 1), ["500"]);
  assert.equal(faults.list()[0]!.struck, 1);
  now = 100;
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 1), [undefined]);
  assert.equal(faults.remove(id), true);
  assert.equal(faults.remove(id), false);
  faults.add({ kind: "500" });
  faults.clear();
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 1), [undefined]);
});

Deno.test("Faults: probability and chaos are random by seed, in the proportions asked for", () => {
  const draw = (seed: number) => {
    const faults = new Faults(() => 0, seed);
    faults.add({ kind: "500", probability: 0.25 });
    return struck(faults, klines("BTCUSDT"), 2_000);
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const share = draw(1).filter(Boolean).length / 2_000;
  assert.ok(share > 0.2 && share < 0.3, String(share));

  const faults = new Faults(() => 0, 1);
  faults.setChaos({ rates: { "503": 0.1, "empty-page": 0.3, "cut-file": 0.1 }, seed: 5 });
  const kinds = struck(faults, klines("BTCUSDT"), 4_000);
  const count = (kind?: string) => kinds.filter((other) => other === kind).length / 4_000;
  assert.ok(Math.abs(count("503") - 0.1) < 0.02 && Math.abs(count("empty-page") - 0.3) < 0.03);
  assert.equal(count("cut-file"), 0);
  faults.setChaos(undefined);
  assert.deepEqual(struck(faults, klines("BTCUSDT"), 1), [undefined]);
});

Deno.test("isFaultKind() knows no inherited names", () => {
  assert.ok(isFaultKind("418") && isFaultKind("no-answer"));
  assert.ok(!isFaultKind("toString") && !isFaultKind("404"));
});

import assert from "node:assert/strict";
import { type FaultKind, isFaultKind } from "./fault_kinds.ts";
import { Faults, type FaultTarget } from "./faults.ts";

const klines = (symbol: string, interval = "1h"): FaultTarget => ({
  area: "klines",
  url: `/api/v3/klines?symbol=${symbol}&interval=${interval}`,
  symbol,
  interval,
});

function take(faults: Faults, target: FaultTarget, times: number): (FaultKind | undefined)[] {
  return Array.from({ length: times }, () => faults.take(target)?.kind);
}

Deno.test("Faults: count and skip choose among the matching requests", () => {
  const faults = new Faults();
  faults.add({ kind: "500", count: 2, skip: 1 });
  assert.deepEqual(take(faults, klines("BTCUSDT"), 5), [
    undefined,
    "500",
    "500",
    undefined,
    undefined,
  ]);
});

Deno.test("Faults: symbol, interval, path and area must match; the first one added wins", () => {
  const faults = new Faults();
  faults.add({ kind: "502", symbol: "ETHUSDT", interval: "1d" });
  faults.add({ kind: "503", path: "symbol=ETH" });
  faults.add({ kind: "cut-file" });
  assert.deepEqual(take(faults, klines("BTCUSDT"), 1), [undefined]);
  assert.deepEqual(take(faults, klines("ETHUSDT"), 1), ["503"]);
  assert.deepEqual(take(faults, klines("ETHUSDT", "1d"), 1), ["502"]);
});

Deno.test("Faults: remove() ends one, clear() all", () => {
  const faults = new Faults();
  const id = faults.add({ kind: "500" });
  faults.add({ kind: "502" });
  assert.deepEqual(take(faults, klines("BTCUSDT"), 1), ["500"]);
  faults.remove(id);
  assert.deepEqual(take(faults, klines("BTCUSDT"), 1), ["502"]);
  faults.clear();
  assert.deepEqual(take(faults, klines("BTCUSDT"), 1), [undefined]);
});

Deno.test("Faults: probability and chaos are random in the given proportions, always the same", () => {
  const draw = () => {
    const faults = new Faults();
    faults.add({ kind: "500", probability: 0.25 });
    return take(faults, klines("BTCUSDT"), 2_000);
  };
  assert.deepEqual(draw(), draw());
  const share = draw().filter(Boolean).length / 2_000;
  assert.ok(share > 0.2 && share < 0.3, String(share));

  const faults = new Faults();
  faults.setChaos({ rates: { "503": 0.1, "empty-page": 0.3, "cut-file": 0.1 }, seed: 5 });
  const kinds = take(faults, klines("BTCUSDT"), 4_000);
  const count = (kind?: string) => kinds.filter((other) => other === kind).length / 4_000;
  assert.ok(Math.abs(count("503") - 0.1) < 0.02 && Math.abs(count("empty-page") - 0.3) < 0.03);
  assert.equal(count("cut-file"), 0);
  faults.setChaos(undefined);
  assert.deepEqual(take(faults, klines("BTCUSDT"), 1), [undefined]);
});

Deno.test("isFaultKind() knows no inherited names", () => {
  assert.ok(isFaultKind("418") && isFaultKind("no-answer"));
  assert.ok(!isFaultKind("toString") && !isFaultKind("404"));
});

import assert from "node:assert/strict";
import type { Series } from "../core/kline.ts";
import { FAULT_AREAS, type FaultKind } from "../../packages/simulator/faults/fault_kinds.ts";
import { compareRows, storedRows, testJobs } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;

/** The result of a run for each fault in the first batches of a series. */
const FAULTS: Partial<Record<FaultKind, "bears" | "refuses" | "stops">> = {
  // Temporary faults are retried or corrected.
  "500": "bears",
  "502": "bears",
  "503": "bears",
  "-1000": "bears",
  "-1001": "bears",
  "-1006": "bears",
  "-1007": "bears",
  "-1008": "bears",
  "reset": "bears",
  "cut-body": "bears",
  "no-answer": "bears",
  "slow": "bears",
  "wrong-content-type": "bears",
  "empty-page": "bears",
  "short-page": "bears",
  "duplicate-rows": "bears",
  "shuffled-rows": "bears",
  "clock-jump": "bears",
  // Invalid or rejected responses are not stored, and not retried immediately.
  "truncated-json": "refuses",
  "malformed-json": "refuses",
  "null-body": "refuses",
  "eleven-columns": "refuses",
  "object-body": "refuses",
  "number-for-string": "refuses",
  "-1121": "refuses",
  "-1100": "refuses",
  "-1122": "refuses",
  "-1220": "refuses",
  "html-page": "refuses",
  "403": "refuses",
  "451": "refuses",
  // Faults that concern this address end the run.
  "429": "stops",
  "418": "stops",
};

/** Faults with parameters have their own tests. */
const WITH_VALUES = new Set(["field", "headers", "scaled-rows", "shifted-rows"]);

Deno.test("the table contains every candle fault of the simulator", () => {
  const kinds = Object.entries(FAULT_AREAS).filter(([kind, areas]) =>
    (areas as readonly string[]).includes("klines") && !WITH_VALUES.has(kind)
  );
  assert.deepEqual(kinds.map(([kind]) => kind).sort(), Object.keys(FAULTS).sort());
});

// One exchange and one database for all; each fault has its own symbol.
const kinds = Object.keys(FAULTS) as FaultKind[];
const symbols = kinds.map((_, i) => `F${i}USDT`);
const here = await scene({ weightClock: "simulated", symbols: [...symbols, "ETHUSDT"] });
Deno.test.afterAll(() => here[Symbol.asyncDispose]());
const eth: Series = { symbol: "ETHUSDT", interval: "4h" };

for (const [i, kind] of kinds.entries()) {
  const effect = FAULTS[kind];
  Deno.test(`a run ${effect} ${kind}; stored candles equal the exchange's, and the next run completes them`, async () => {
    const { simulator, db } = here;
    const struck: Series = { symbol: symbols[i]!, interval: "4h" };
    const jobs = testJobs(db, [simulator.url], { timeoutMs: kind === "no-answer" ? 500 : 20_000 });
    simulator.faults.add({
      kind,
      count: 2,
      path: "klines",
      symbol: struck.symbol,
      delayMs: 50,
      retryAfterS: 600,
    });
    const run = runCollect(jobs, [struck, eth], signal);
    if (effect === "stops") {
      await assert.rejects(() => run, { code: "rate_limited" });
    } else {
      const { failures } = await run;
      assert.deepEqual([...failures.keys()], effect === "bears" ? [] : [`${struck.symbol} 4h`]);
    }
    const early = await storedRows(db, struck);
    assert.equal(early.length > 0, effect === "bears" && kind !== "empty-page");
    const known = new Set(served(simulator, struck).map((row) => row.join()));
    assert.ok(early.every((row) => known.has(row.join())), "as the exchange has it");

    simulator.faults.clear();
    simulator.weights.clear();
    const later = testJobs(db, [simulator.url]); // the next start, after all bans
    await runCollect(later, [struck], signal);
    await runBackfill(later, [struck], signal);
    assert.equal(compareRows(await storedRows(db, struck), served(simulator, struck)), "");
    assert.deepEqual(await later.gaps.list({ class: "pending", symbol: struck.symbol }), []);
  });
}

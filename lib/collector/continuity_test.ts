import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../core/time.ts";
import { compareRows, storedRows } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const btc = { symbol: "BTCUSDT", interval: "1h" } as const;
const eth = { symbol: "ETHUSDT", interval: "1h" } as const;
const options = { since: parseTime("2025-05-01") };

for (
  const fault of [
    { kind: "shifted-rows", byMs: 5 },
    { kind: "shifted-rows", byMs: -7 },
    { kind: "scaled-rows", factor: 30 },
    { kind: "scaled-rows", factor: 1 / 30 },
    { kind: "scaled-rows", factor: 1.3 },
    { kind: "field", field: 3, value: "-1.00000000", row: -2 },
    { kind: "field", field: 6, value: 0, row: -2 },
  ] as const
) {
  const name = JSON.stringify(fault);
  Deno.test(`${name} for one symbol: none of it is stored, others are, and later all candles are`, async () => {
    await using here = await scene(options);
    const { simulator, db, jobs } = here;
    await runCollect(jobs, [btc, eth], signal);
    simulator.clock.advance(3 * HOUR_MS);
    const before = await storedRows(db, btc);
    simulator.faults.add({ ...fault, path: "klines", symbol: "BTCUSDT" });
    for (const job of [runCollect, runRepair]) {
      const { failures, outcome } = await job(jobs, [btc, eth], signal);
      assert.deepEqual([[...failures.keys()], outcome], [["BTCUSDT 1h"], "partial"]);
      assert.match(String(failures.get("BTCUSDT 1h")), /Cannot (trust|read) klines of BTCUSDT 1h/);
    }
    assert.equal(compareRows(await storedRows(db, btc), before), "");
    assert.equal((await storedRows(db, eth)).length, before.length + 3);
    simulator.faults.clear();
    for (const job of [runCollect, runBackfill]) await job(jobs, [btc, eth], signal);
    assert.equal(compareRows(await storedRows(db, btc), served(simulator, btc)), "");
  });
}

Deno.test("shifted rows are rejected for an empty database and in history, too", async () => {
  await using here = await scene(options);
  const { simulator, db, jobs } = here;
  simulator.faults.add({ kind: "shifted-rows", path: "klines", symbol: "BTCUSDT", count: 1 });
  assert.equal((await runCollect(jobs, [btc], signal)).failures.size, 1);
  await runCollect(jobs, [btc], signal);
  simulator.faults.add({ kind: "shifted-rows", path: "klines", symbol: "BTCUSDT" });
  assert.equal((await runBackfill(jobs, [btc], signal)).failures.size, 1);
  simulator.faults.clear();
  await runBackfill(jobs, [btc], signal);
  assert.equal(compareRows(await storedRows(db, btc), served(simulator, btc)), "");
});

Deno.test("a lasting price jump, and a completely revised candle, are accepted after a second request", async () => {
  await using here = await scene(options);
  const { simulator, db, jobs } = here;
  await runCollect(jobs, [btc], signal);
  const last = (await storedRows(db, btc)).at(-1)!;
  const revised = { open: "1.5", high: "1.9", low: "1.1", close: "1.7" };
  simulator.clock.advance(2 * HOUR_MS);
  simulator.revise({ ...btc, openTime: Number(last[0]) + HOUR_MS, change: revised });
  simulator.revise({ ...btc, openTime: Number(last[0]), change: revised });
  await runCollect(jobs, [btc], signal);
  await runBackfill(jobs, [btc], signal);
  assert.equal(compareRows(await storedRows(db, btc), served(simulator, btc)), "");
});

import assert from "node:assert/strict";
import type { Simulator } from "../../packages/simulator/simulator.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, HOUR_MS } from "../core/time.ts";
import { compareRows, storedRows } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runCollect, runRepair } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const SYMBOLS = Array.from({ length: 10 }, (_, i) => `K${i}USDT`);

/** Makes the exchange answer with a changed list of symbols. */
// deno-lint-ignore no-explicit-any
async function changeList(simulator: Simulator, change: (symbols: any[]) => void): Promise<void> {
  const response = await fetch(`${simulator.url}/api/v3/exchangeInfo`);
  const { symbols } = await response.json();
  change(symbols);
  simulator.faults.add({ kind: "field", path: "exchangeInfo", field: "symbols", value: symbols });
}

const hourly = (symbol: string): Series => ({ symbol, interval: "1h" });

Deno.test("4 of 10 symbols in BREAK: they are delisted, and the other 6 are collected", async () => {
  await using here = await scene({ symbols: SYMBOLS, weightClock: "simulated" });
  const series = SYMBOLS.map(hourly);
  await runCollect(here.jobs, series, signal);
  for (const symbol of SYMBOLS.slice(0, 4)) here.simulator.stopSymbol(symbol);
  here.simulator.clock.advance(2 * DAY_MS);
  assert.deepEqual((await runCollect(here.jobs, series, signal)).failures, new Map());
  assert.deepEqual((await runRepair(here.jobs, series, signal)).failures, new Map());
  for (const one of series.slice(4)) {
    const stored = await storedRows(here.db, one);
    const expected = served(here.simulator, one).slice(-stored.length);
    assert.equal(compareRows(stored, expected), "", one.symbol);
  }
  const gone = new Set((await here.jobs.gaps.list({ class: "delisted" })).map((gap) => gap.symbol));
  assert.deepEqual([...gone].sort(), SYMBOLS.slice(0, 4));
});

Deno.test("a stored symbol with a malformed exchangeInfo entry is still collected, and so are the others", async () => {
  for (const value of [null, 7, "", ["USDT"], { name: "USDT" }]) {
    await using here = await scene({ symbols: SYMBOLS.slice(0, 3), weightClock: "simulated" });
    const series = SYMBOLS.slice(0, 3).map(hourly);
    await runCollect(here.jobs, series, signal);
    await changeList(here.simulator, (symbols) => symbols[1].quoteAsset = value);
    here.simulator.clock.advance(3 * HOUR_MS);
    const report = await runCollect(here.jobs, series, signal);
    assert.deepEqual([report.failures.size, report.new], [0, 9], JSON.stringify(value));
    assert.deepEqual((await runRepair(here.jobs, series, signal)).failures, new Map());
    assert.deepEqual(await here.jobs.gaps.list({ class: "delisted" }), []);
  }
});

Deno.test("a stored symbol missing from one exchangeInfo response keeps its candles and comes back", async () => {
  await using here = await scene({ symbols: SYMBOLS.slice(0, 5), weightClock: "simulated" });
  const series = SYMBOLS.slice(0, 5).map(hourly);
  await runCollect(here.jobs, series, signal);
  const before = await storedRows(here.db, series[2]!);
  await changeList(here.simulator, (symbols) => symbols.splice(2, 1));
  here.simulator.clock.advance(3 * HOUR_MS);
  for (const run of [runCollect, runRepair]) {
    assert.deepEqual((await run(here.jobs, series, signal)).failures, new Map());
  }
  const kept = await storedRows(here.db, series[2]!);
  assert.deepEqual(kept.slice(0, before.length), before);
  for (const one of series.filter((_, i) => i !== 2)) {
    assert.equal((await storedRows(here.db, one)).length, before.length + 3, one.symbol);
  }
  here.simulator.faults.clear();
  here.simulator.clock.advance(HOUR_MS);
  for (const run of [runCollect, runRepair]) {
    assert.deepEqual((await run(here.jobs, series, signal)).failures, new Map());
  }
  for (const one of series) {
    const stored = await storedRows(here.db, one);
    const expected = served(here.simulator, one).slice(-stored.length);
    assert.equal(compareRows(stored, expected), "", one.symbol);
  }
  assert.deepEqual(await here.jobs.gaps.list({ class: "delisted" }), []);
});

Deno.test("a new symbol with a malformed entry fails alone, with that reason, until the entry is valid", async () => {
  await using here = await scene({ symbols: SYMBOLS.slice(0, 3), weightClock: "simulated" });
  const series = SYMBOLS.slice(0, 3).map(hourly);
  await changeList(here.simulator, (symbols) => symbols[1].baseAsset = null);
  const { failures } = await runCollect(here.jobs, series, signal);
  assert.deepEqual([...failures.keys()], ["K1USDT 1h"]);
  assert.match(
    String(failures.get("K1USDT 1h")),
    /Cannot read the entry of K1USDT in Binance's list/,
  );
  for (const one of [series[0]!, series[2]!]) {
    assert.ok((await storedRows(here.db, one)).length > 0, one.symbol);
  }
  here.simulator.faults.clear();
  assert.deepEqual((await runCollect(here.jobs, series, signal)).failures, new Map());
  assert.ok((await storedRows(here.db, series[1]!)).length > 0);
});

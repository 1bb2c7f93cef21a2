import assert from "node:assert/strict";
import { type Series, seriesName } from "../core/kline.ts";
import { HOUR_MS } from "../core/time.ts";
import type { Logger } from "../ports/host.ts";
import { createMaintenanceBoard } from "../store/kv/maintenance_kv.ts";
import { compareRows, storedRows } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { silent, testCluster } from "../testing/database/postgres.ts";
import { runCollect, runRepair } from "./jobs.ts";
import { createMaintenanceWatch, findMaintenance } from "./maintenance.ts";

await testCluster();
const signal = new AbortController().signal;
const SYMBOLS = Array.from({ length: 5 }, (_, i) => `M${i}USDT`);
const hourly = (symbol: string): Series => ({ symbol, interval: "1h" });

for (const stopped of [SYMBOLS, SYMBOLS.slice(1)]) {
  Deno.test(`${stopped.length} of 5 symbols in BREAK for 3 h: maintenance, none is delisted, all resume`, async () => {
    await using here = await scene({ symbols: SYMBOLS });
    const board = createMaintenanceBoard({ error: "no KV in this test" });
    const lines: string[] = [];
    const log: Logger = {
      ...silent,
      warn: (message) => lines.push(message),
      info: (message) => /maintenance/.test(message) && lines.push(message),
    };
    const onMaintenance = createMaintenanceWatch(board, Date.now, log);
    const jobs = { ...here.jobs, onMaintenance };
    const series = SYMBOLS.map(hourly);
    await runCollect(jobs, series, signal);
    const closedAt = here.simulator.clock.now();
    for (const symbol of stopped) here.simulator.stopSymbol(symbol);
    for (let hour = 0; hour < 3; hour++) {
      here.simulator.clock.advance(HOUR_MS);
      assert.deepEqual((await runCollect(jobs, series, signal)).failures, new Map());
      await runRepair(jobs, series, signal);
      assert.deepEqual(await jobs.gaps.list({ class: "delisted" }), []);
    }
    const seen = await board.read();
    assert.deepEqual([seen?.trading, seen?.listed], [5 - stopped.length, 5]);
    for (const symbol of stopped) here.simulator.resumeSymbol(symbol);
    for (const symbol of stopped) {
      here.simulator.hide({ symbol, from: closedAt, to: closedAt + 3 * HOUR_MS });
    }
    here.simulator.clock.advance(2 * HOUR_MS);
    await runCollect(jobs, series, signal);
    await runRepair(jobs, series, signal);
    assert.equal(await board.read(), undefined);
    assert.equal(lines.length, 2, lines.join("\n"));
    for (const one of series) {
      const stored = await storedRows(here.db, one);
      const expected = served(here.simulator, one).slice(-stored.length);
      assert.equal(compareRows(stored, expected), "", one.symbol);
    }
    const classes = (await jobs.gaps.list({})).map((gap) => gap.class);
    assert.deepEqual(new Set(classes), new Set(["exchange_outage"]));
  });
}

Deno.test("one symbol in BREAK while the others trade is delisted, before and during maintenance", async () => {
  await using here = await scene({ symbols: SYMBOLS });
  const series = SYMBOLS.map(hourly);
  await runCollect(here.jobs, series, signal);
  here.simulator.stopSymbol("M2USDT");
  here.simulator.clock.advance(24 * HOUR_MS);
  await runCollect(here.jobs, series, signal);
  await runRepair(here.jobs, series, signal);
  const before = await here.jobs.gaps.list({ class: "delisted" });
  assert.deepEqual(before.map(({ symbol, missing }) => [symbol, missing]), [["M2USDT", 23]]);
  for (const symbol of SYMBOLS) if (symbol !== "M2USDT") here.simulator.stopSymbol(symbol);
  here.simulator.clock.advance(3 * HOUR_MS);
  await runRepair(here.jobs, series, signal);
  assert.deepEqual(await here.jobs.gaps.list({ class: "delisted" }), before, "it stays");
});

Deno.test("findMaintenance() uses the share of trading symbols, and the stored ones in between", async () => {
  const now = Date.UTC(2025, 5, 15, 10);
  const held = (recent: number) => ({
    now,
    series: SYMBOLS.map(hourly),
    store: {
      listStates: () =>
        Promise.resolve(
          new Map(SYMBOLS.map((symbol, i) => [seriesName(hourly(symbol)), {
            firstOpenTime: 0,
            listedAt: 0,
            auditedTo: undefined,
            version: 1,
            rows: 1,
            lastOpenTime: i < recent ? now - 4 * HOUR_MS : 0,
          }])),
        ),
    },
  });
  /** Stored symbols first. */
  const list = (statuses: readonly string[], trading: number, stopped: number) => ({
    unreadable: [],
    isWhole: true,
    symbols: [
      ...statuses,
      ...Array<string>(trading).fill("TRADING"),
      ...Array<string>(stopped).fill("BREAK"),
    ].map((status, i) => ({
      symbol: `M${i}USDT`,
      baseAsset: `M${i}`,
      quoteAsset: "USDT",
      status,
      tickSize: undefined,
      stepSize: undefined,
      filters: undefined,
    })),
  });
  const all = Array<string>(5).fill("BREAK");
  assert.ok(await findMaintenance(held(5), list(all, 0, 95)), "nothing trades");
  assert.equal(await findMaintenance(held(5), list(all, 95, 0)), undefined, "others trade");
  assert.ok(await findMaintenance(held(5), list(all, 40, 55)), "all held ones stopped together");
  assert.equal(await findMaintenance(held(0), list(all, 40, 55)), undefined, "long ago");
  const one = ["BREAK", "TRADING", "TRADING", "TRADING", "TRADING"];
  assert.equal(await findMaintenance(held(5), list(one, 40, 55)), undefined, "a single one");
});

import assert from "node:assert/strict";
import type { Series } from "../core/kline.ts";
import { DAY_MS, parseTime, toIso } from "../core/time.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { compareRows, storedRows } from "../testing/collector.ts";
import { scene, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const daily = (symbol: string): Series => ({ symbol, interval: "1d" });

Deno.test("a reused symbol name, months without trading, and a delisting are distinguished from outages", async () => {
  await using here = await scene({
    since: parseTime("2022-03-01"),
    now: parseTime("2023-06-15T10:20:30Z"),
  });
  const all = ["BTCUSDT", "LUNAUSDT", "USDCUSDT", "SRMUSDT"].map(daily);
  await runCollect(here.jobs, all, signal);
  await runBackfill(here.jobs, all, signal);
  await runRepair(here.jobs, all, signal);
  for (const one of all) {
    const stored = await storedRows(here.db, one);
    assert.equal(compareRows(stored, served(here.simulator, one)), "", one.symbol);
  }
  const found = (await here.jobs.gaps.list({})).filter(({ missing }) => missing > 3)
    .map((gap) => [gap.symbol, gap.class, toIso(gap.from).slice(0, 7), toIso(gap.to).slice(0, 7)]);
  assert.deepEqual(found, [
    ["LUNAUSDT", "delisted", "2022-05", "2022-05"],
    ["SRMUSDT", "delisted", "2022-11", "2023-06"],
    ["USDCUSDT", "delisted", "2022-09", "2023-03"],
  ]);
  const coverage = await createKlineReader(here.db).coverage();
  assert.equal(coverage.find(({ symbol }) => symbol === "SRMUSDT")?.status, "BREAK");
  assert.deepEqual(await here.jobs.gaps.list({ class: "pending" }), []);
});

Deno.test("a symbol that the exchange no longer lists is kept, and does not fail every later run", async () => {
  await using here = await scene({ symbols: ["BTCUSDT", "ETHUSDT"] });
  const all = ["BTCUSDT", "ETHUSDT"].map(daily);
  await runCollect(here.jobs, all, signal);
  const before = await storedRows(here.db, all[1]!);
  await using smaller = await scene({
    symbols: ["BTCUSDT"],
    now: parseTime("2025-06-25T10:20:30Z"),
  });
  const openSource = smaller.jobs.openSource;
  const jobs = { ...here.jobs, openSource };
  for (const run of [runCollect(jobs, all, signal), runRepair(jobs, all, signal)]) {
    assert.deepEqual([...(await run).failures.keys()], []);
  }
  assert.deepEqual(await storedRows(here.db, all[1]!), before);
  const coverage = await createKlineReader(here.db).coverage();
  assert.deepEqual(coverage.map(({ symbol, status }) => `${symbol} ${status}`), [
    "BTCUSDT TRADING",
    "ETHUSDT REMOVED",
  ]);
  const [gap] = await jobs.gaps.list({ symbol: "ETHUSDT" });
  assert.deepEqual([gap?.class, gap?.missing, gap!.to - gap!.from], ["delisted", 10, 10 * DAY_MS]);
});

import assert from "node:assert/strict";
import { INTERVALS } from "../core/interval.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { DAY_MS, MINUTE_MS, parseTime } from "../core/time.ts";
import type { FailingBoard } from "../ports/boards.ts";
import type { Logger } from "../ports/host.ts";
import type { FaultKind } from "../../packages/simulator/faults/fault_kinds.ts";
import { createFailingBoard } from "../store/kv/failing_kv.ts";
import { skippingClock } from "../testing/clock.ts";
import { compareRows, storedRows, testJobs } from "../testing/collector.ts";
import { scene, SCENE_NOW, served } from "../testing/collector_scene.ts";
import { silent, testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";
import { createSeriesHealth } from "./series_health.ts";

await testCluster();
const signal = new AbortController().signal;
const SYMBOLS = Array.from({ length: 10 }, (_, i) => `S${i}USDT`);

const allOf = (symbols: readonly string[], intervals: readonly Series["interval"][]): Series[] =>
  symbols.flatMap((symbol) => intervals.map((interval) => ({ symbol, interval })));

/** Collects log lines. */
function recorder() {
  const lines: string[] = [];
  const log: Logger = {
    ...silent,
    warn: (message) => lines.push(`warn ${message}`),
    info: (message) => !message.startsWith("Collecting again") || lines.push(`info ${message}`),
  };
  return { lines, log };
}

/** Jobs as the server runs them, with a manual clock. */
function serverJobs(here: Awaited<ReturnType<typeof scene>>, log: Logger, timeoutMs = 20_000) {
  const time = { now: Date.now() };
  const board: FailingBoard = createFailingBoard({ error: "no KV in this test" });
  const health = createSeriesHealth({ board, now: () => time.now, log });
  const options = { log, timeoutMs, clock: skippingClock() };
  return { ...testJobs(here.db, [here.simulator.url], options), health, board, time };
}

/** A little more than one batch of 1,000 hourly candles, so that the backfill has work left. */
const SINCE = parseTime("2025-05-01");

const SHORT: readonly Series["interval"][] = ["1h", "4h", "1d"];

const KINDS: readonly FaultKind[] = [
  "-1100",
  "-1121",
  "-1122",
  "-1220",
  "403",
  "451",
  "500",
  "503",
  "html-page",
  "eleven-columns",
  "null-body",
  "no-answer",
];

for (const [i, kind] of KINDS.entries()) {
  const sick = ["S0USDT", "S1USDT", "S3USDT"][i % 3]!;
  const isWide = i % 4 === 0;
  const intervals = isWide ? INTERVALS.filter((one) => one !== "1s") : SHORT;
  const since = isWide ? SCENE_NOW - 2 * DAY_MS : SINCE;
  Deno.test(`${kind} for ${sick} affects only its own ${intervals.length} series`, async () => {
    const symbols = SYMBOLS.slice(0, 4);
    await using here = await scene({ weightClock: "simulated", since, symbols });
    const { lines, log } = recorder();
    const jobs = serverJobs(here, log, kind === "no-answer" ? 200 : 20_000);
    const series = allOf(symbols, intervals);
    here.simulator.faults.add({ kind, path: "klines", symbol: sick });
    const names = allOf([sick], intervals).map(seriesName).sort();
    const { failures } = await runCollect(jobs, series, signal);
    assert.deepEqual([...failures.keys()].sort(), names);
    assert.deepEqual((await jobs.board.list()).map(seriesName).sort(), names);
    const spent = here.simulator.requests.list({ path: sick }).length;
    assert.ok(spent <= 24, `${spent} requests for the sick symbol`);
    const again = await runRepair(jobs, series, signal);
    assert.equal(again.outcome, "partial");
    assert.deepEqual([...again.failures.keys()].sort(), names);
    assert.equal(here.simulator.requests.list({ path: sick }).length, spent, "it rests");
    for (const one of series.filter(({ symbol }) => symbol !== sick)) {
      const newest = served(here.simulator, one).slice(-1_000);
      assert.equal(compareRows(await storedRows(here.db, one), newest), "", seriesName(one));
    }
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.ok(lines[0]!.startsWith(`warn Cannot collect ${intervals.length} series (others`));

    here.simulator.faults.clear();
    jobs.time.now += 2 * MINUTE_MS;
    assert.deepEqual((await runCollect(jobs, series, signal)).failures, new Map());
    assert.deepEqual(await jobs.board.list(), []);
    assert.match(lines[1]!, /^info Collecting again: /);
  });
}

Deno.test("one rejected interval of a symbol: its other intervals are collected", async () => {
  await using here = await scene({
    weightClock: "simulated",
    since: SINCE,
    symbols: SYMBOLS.slice(0, 3),
  });
  const jobs = serverJobs(here, silent);
  const series = allOf(SYMBOLS.slice(0, 3), SHORT);
  here.simulator.faults.add({ kind: "-1100", path: "klines", symbol: "S1USDT", interval: "4h" });
  const { failures } = await runCollect(jobs, series, signal);
  assert.deepEqual([...failures.keys()], ["S1USDT 4h"]);
  assert.ok((await storedRows(here.db, { symbol: "S1USDT", interval: "1d" })).length > 0);
});

for (const sickCount of [3, 9]) {
  Deno.test(`${sickCount} of 10 symbols refused: the others are collected, repaired and backfilled`, async () => {
    await using here = await scene({ weightClock: "simulated", since: SINCE, symbols: SYMBOLS });
    const { lines, log } = recorder();
    const jobs = serverJobs(here, log);
    const series = allOf(SYMBOLS, SHORT);
    const sick = SYMBOLS.slice(0, sickCount);
    const kinds: FaultKind[] = ["-1100", "403", "503"];
    for (const [i, symbol] of sick.entries()) {
      here.simulator.faults.add({ kind: kinds[i % 3]!, path: "klines", symbol });
    }
    for (const job of [runCollect, runRepair, runBackfill]) {
      assert.equal((await job(jobs, series, signal)).failures.size, sickCount * 3);
    }
    const healthy = series.filter(({ symbol }) => !sick.includes(symbol));
    for (const one of healthy) {
      const difference = compareRows(await storedRows(here.db, one), served(here.simulator, one));
      assert.equal(difference, "", seriesName(one));
    }
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.deepEqual(here.simulator.requests.list({ violations: true }), []);

    here.simulator.faults.clear();
    jobs.time.now += 2 * MINUTE_MS;
    for (const job of [runCollect, runBackfill, runRepair]) await job(jobs, series, signal);
    for (const one of series) {
      const difference = compareRows(await storedRows(here.db, one), served(here.simulator, one));
      assert.equal(difference, "", seriesName(one));
    }
  });
}

Deno.test("the pause of a failing series doubles up to an hour, and its entry keeps the first failure's time", async () => {
  const { lines, log } = recorder();
  let now = 0;
  const board = createFailingBoard({ error: "no KV in this test" });
  const health = createSeriesHealth({ board, now: () => now, log });
  const one: Series = { symbol: "BTCUSDT", interval: "1h" };
  const pauses: number[] = [];
  for (let i = 0; i < 9; i++) {
    assert.deepEqual((await health.sort([one])).due, [one]);
    await health.note([one], new Map([[seriesName(one), new Error("HTTP 500")]]));
    const [entry] = await board.list();
    pauses.push((entry!.retryAt - now) / MINUTE_MS);
    const { due, resting } = await health.sort([one]);
    assert.deepEqual(due, []);
    assert.match(resting.get("BTCUSDT 1h")!.message, /^HTTP 500 \(failed/);
    now = entry!.retryAt;
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
  assert.equal((await board.list())[0]!.since, 0);
  assert.equal(lines.length, 1);
});

Deno.test("exchangeInfo alone rejected or malformed: known symbols are still collected", async () => {
  for (const kind of ["403", "500", "-1100", "null-body", "html-page"] as const) {
    await using here = await scene({
      weightClock: "simulated",
      since: SINCE,
      symbols: SYMBOLS.slice(0, 3),
    });
    const series = allOf(SYMBOLS.slice(0, 3), ["1h"]);
    const jobs = testJobs(here.db, [here.simulator.url], { clock: skippingClock() });
    here.simulator.faults.add({ kind, path: "exchangeInfo" });
    await assert.rejects(() => runCollect(jobs, series, signal), { name: "AppError" }, kind);
    here.simulator.faults.clear();
    await runCollect(jobs, series, signal);
    here.simulator.faults.add({ kind, path: "exchangeInfo" });
    here.simulator.clock.advance(60 * MINUTE_MS);
    const report = await runCollect(jobs, series, signal);
    assert.deepEqual([report.failures.size, report.new], [0, 3], kind);
  }
});

Deno.test("a 403 for every request comes from the firewall: no requests are sent during the pause", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "403" });
  const run = () => runCollect(here.jobs, allOf(["BTCUSDT"], ["1h"]), signal);
  await assert.rejects(run, { code: "rate_limited", message: /web firewall .*HTTP 403/ });
  const sent = here.simulator.requests.total;
  assert.ok(sent <= 2);
  await assert.rejects(run, { code: "rate_limited" });
  assert.equal(here.simulator.requests.total, sent);
});

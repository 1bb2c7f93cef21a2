import assert from "node:assert/strict";
import { endOf, firstOpenFrom, type Interval } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, type EpochMs, parseTime, toIso } from "../core/time.ts";
import { createArchive } from "../binance/binance_archive.ts";
import { createImportedStore } from "../store/postgres/writing/imported_postgres.ts";
import { createForeignTables } from "../store/postgres/foreign_candles.ts";
import { silent } from "../testing/database/postgres.ts";
import { createKlineFiles } from "../candle_files/kline_files.ts";
import { systemClock } from "../clock.ts";
import { setHistorySince } from "../store/postgres/terms_postgres.ts";
import { compareRows, storedRows } from "../testing/collector.ts";
import { scene, SCENE_NOW, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { backfillAll } from "./backfill/backfill_job.ts";
import { collectFrom } from "./collect.ts";
import { runImport } from "./files/import.ts";
import { runBackfill, runCatchUp, runCollect, runRepair } from "./jobs.ts";
import { executeRun } from "./run.ts";
import { isSound, verifySeries } from "./verify.ts";

await testCluster();
const signal = new AbortController().signal;
const INTERVALS = ["1h", "1d", "1w", "1M"] as const;
const all = INTERVALS.map((interval): Series => ({ symbol: "BTCUSDT", interval }));
/** On no grid: a candle of every interval opens before it and closes after it. */
const SINCE = parseTime("2025-04-16T10:30Z");

type Scene = Awaited<ReturnType<typeof scene>>;

/** An exchange with a year and a half of history. */
const longScene = () => scene({ since: parseTime("2024-01-01"), outages: false });

/** A long scene whose jobs and database follow `since`. */
async function sceneSince(since: EpochMs) {
  const here = await longScene();
  return Object.assign(here, { jobs: await jobsSince(here, since) });
}

async function jobsSince({ db, jobs }: Scene, since: EpochMs) {
  await setHistorySince(db, since);
  return { ...jobs, historySince: since };
}

/** All candles of a series that the exchange has from `since` on, and no others. */
async function assertKept(here: Scene, one: Series, since: EpochMs): Promise<void> {
  const expected = served(here.simulator, one).filter(([open]) => Number(open) >= since);
  assert.equal(compareRows(await storedRows(here.db, one), expected), "", one.interval);
}

Deno.test("HISTORY_SINCE: collect, backfill, repair and audit store only candles that open after it", async () => {
  await using here = await sceneSince(SINCE);
  await runCollect(here.jobs, all, signal);
  for (const one of all) {
    const [first] = await storedRows(here.db, one);
    assert.ok(Number(first![0]) >= SINCE, one.interval);
  }
  for (let i = 0; i < 2; i++) {
    await runRepair(here.jobs, all, signal);
    await runBackfill(here.jobs, all, signal);
  }
  for (const one of all) await assertKept(here, one, SINCE);
  assert.deepEqual(await here.jobs.gaps.list({}), []);
  const again = await runBackfill(here.jobs, all, signal);
  assert.equal(again.requests, 0, "a candle that opens before it is not asked for");
});

Deno.test("HISTORY_SINCE: rows deleted below it stay deleted and are not a gap", async () => {
  await using here = await longScene();
  await runCollect(here.jobs, all, signal);
  await runBackfill(here.jobs, all, signal);
  const jobs = await jobsSince(here, SINCE);
  await here.db.query("delete from klines where open_time < $1", [toIso(SINCE)]);
  for (let i = 0; i < 2; i++) {
    await runCollect(jobs, all, signal);
    await runRepair(jobs, all, signal);
    await runBackfill(jobs, all, signal);
  }
  for (const one of all) await assertKept(here, one, SINCE);
  assert.deepEqual(await jobs.gaps.list({}), []);
});

Deno.test("HISTORY_SINCE: a gap that starts before it is counted and filled from there on", async () => {
  const since = parseTime("2025-02-10T10:30Z");
  await using here = await longScene();
  await runCollect(here.jobs, all, signal);
  await runBackfill(here.jobs, all, signal);
  const jobs = await jobsSince(here, since);
  const [from, to] = [parseTime("2024-06-01"), parseTime("2025-04-02")];
  await here.db.query("delete from klines where open_time >= $1 and open_time < $2", [
    toIso(from),
    toIso(to),
  ]);
  for (const one of all) {
    await jobs.gaps.scan(one);
    const [gap, ...others] = await jobs.gaps.list({ interval: one.interval });
    assert.deepEqual([gap?.from, gap?.class, others], [
      firstOpenFrom(since, one.interval),
      "pending",
      [],
    ], one.interval);
  }
  await runRepair(jobs, all, signal);
  assert.deepEqual(await jobs.gaps.list({}), []);
  for (const one of all) {
    const kept = served(here.simulator, one).filter(([open]) =>
      Number(open) < from || Number(open) >= since
    );
    assert.equal(compareRows(await storedRows(here.db, one), kept), "", one.interval);
  }
});

Deno.test("HISTORY_SINCE: an earlier value fetches the history between, a later one drops gaps below", async () => {
  await using here = await sceneSince(SINCE);
  await runCollect(here.jobs, all, signal);
  await runBackfill(here.jobs, all, signal);
  const earlier = parseTime("2025-01-15T07:00Z");
  const jobs = await jobsSince(here, earlier);
  await runRepair(jobs, all, signal);
  await runBackfill(jobs, all, signal);
  for (const one of all) await assertKept(here, one, earlier);
  const hour = { symbol: "BTCUSDT", interval: "1h" } as const;
  here.simulator.hide({ ...hour, from: parseTime("2025-02-01"), to: parseTime("2025-02-02") });
  await here.db.query(
    "delete from klines where interval = '1h' and open_time >= '2025-02-01' and open_time < '2025-02-02'",
  );
  await runRepair(jobs, [hour], signal);
  assert.equal((await jobs.gaps.list({})).length, 1);
  const later = await jobsSince(here, SINCE);
  assert.deepEqual(await later.gaps.list({}), [], "at once, before any repair");
  await runRepair(later, all, signal);
  assert.deepEqual(await later.gaps.list({}), []);
  const everything = await jobsSince(here, 0);
  await runRepair(everything, all, signal);
  await runBackfill(everything, all, signal);
  const [gap, ...others] = await everything.gaps.list({});
  assert.deepEqual([gap?.missing, others], [24, []]);
});

Deno.test("HISTORY_SINCE later than all stored candles: collecting continues from there", async () => {
  await using here = await longScene();
  await runCollect(here.jobs, all, signal);
  here.simulator.clock.advance(200 * DAY_MS);
  const since = SCENE_NOW + 100 * DAY_MS;
  const jobs = await jobsSince(here, since);
  const before = new Map(
    await Promise.all(
      all.map(async (one) => [one.interval, (await storedRows(here.db, one)).length] as const),
    ),
  );
  await runCollect(jobs, all, signal);
  await runRepair(jobs, all, signal);
  for (const one of all) {
    const stored = await storedRows(here.db, one);
    const kept = served(here.simulator, one).filter(([open]) => Number(open) >= since);
    assert.equal(compareRows(stored.slice(before.get(one.interval)), kept), "", one.interval);
  }
  assert.deepEqual(await jobs.gaps.list({}), []);
});

Deno.test("HISTORY_SINCE: ranges of commands, live closes and verify respect it", async () => {
  await using here = await sceneSince(SINCE);
  for (const one of all) {
    await executeRun(here.jobs, "collect", async (step) => {
      await step.store.saveSymbols((await step.source.listSymbols(signal)).symbols);
      await collectFrom(step, one, { from: 0, to: Infinity }, signal);
      await collectFrom(step, one, { from: 0, to: SINCE }, signal);
      return new Map();
    });
    await assertKept(here, one, SINCE);
    here.simulator.clock.advance(endOf(SCENE_NOW, "1h") - SCENE_NOW);
    await runCatchUp(here.jobs, one, signal);
    await assertKept(here, one, SINCE);
    const range = { from: 0, to: Infinity };
    const deps = { ...here.jobs, source: here.jobs.openSource() };
    const checked = await verifySeries(deps, one, range, signal);
    assert.ok(isSound(checked) && checked.compared > 0, one.interval);
  }
});

Deno.test("HISTORY_SINCE: earlier candles of an imported file are counted and skipped", async () => {
  await using here = await sceneSince(SINCE);
  const folder = await Deno.makeTempDir();
  for (const one of all) {
    const rows = here.simulator.candles(one.symbol, one.interval);
    const path = `${folder}/BTCUSDT-${one.interval}.csv`;
    await Deno.writeTextFile(path, rows.map((row) => row.join()).join("\n"));
    const [opened] = await createKlineFiles(createForeignTables(silent)).open(path, {});
    const contact = { now: systemClock.now, signal };
    const report = await runImport(
      { ...here.jobs, imported: createImportedStore(here.db), contact },
      opened!.file!,
      signal,
    );
    const before = rows.filter((row) => Number(row[0]) < SINCE).length;
    assert.deepEqual([report.rows, report.before], [rows.length, before], one.interval);
    await assertKept(here, one, SINCE);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("HISTORY_SINCE: archive files are stored from there on", async () => {
  await using here = await sceneSince(SINCE);
  const minutes: Series = { symbol: "BTCUSDT", interval: "5m" };
  const archive = createArchive({ url: here.simulator.url, fetch, clock: systemClock });
  const jobs = { ...here.jobs, archive, now: () => SCENE_NOW };
  await runCollect(jobs, [minutes], signal);
  await backfillAll(jobs, [minutes], signal);
  await assertKept(here, minutes, SINCE);
  const runs = await here.db.query("select 1 from runs where source = 'monthly' and new > 0");
  assert.ok(runs.length > 0, "the archive was used");
});

Deno.test("HISTORY_SINCE before the listing: not_listed begins with the first whole candle", async () => {
  await using here = await scene({ since: 0, now: parseTime("2020-12-20") });
  const since = parseTime("2020-08-12T10:30Z");
  const jobs = await jobsSince(here, since);
  const series = (["1h", "1d", "1w", "1M"] as Interval[])
    .map((interval): Series => ({ symbol: "AVAXUSDT", interval }));
  await runCollect(jobs, series, signal);
  await runBackfill(jobs, series, signal);
  await runRepair(jobs, series, signal);
  for (const one of series) {
    const [first] = served(here.simulator, one);
    const from = firstOpenFrom(since, one.interval);
    const [gap] = await jobs.gaps.list({ interval: one.interval });
    const expected = from < Number(first![0]) ? [from, first![0], "not_listed"] : [];
    assert.deepEqual(
      gap === undefined ? [] : [gap.from, gap.to, gap.class],
      expected,
      one.interval,
    );
  }
});

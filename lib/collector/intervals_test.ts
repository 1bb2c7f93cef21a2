import assert from "node:assert/strict";
import { endOf, INTERVALS, openTimeOf, shiftOpen } from "../core/interval.ts";
import type { Series } from "../core/kline.ts";
import { DAY_MS, HOUR_MS, parseTime, toIso } from "../core/time.ts";
import { createKlineReader } from "../store/postgres/reading/read_postgres.ts";
import { compareRows, storedRows, testJobs } from "../testing/collector.ts";
import { scene, SCENE_NOW } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runBackfill, runCollect, runRepair } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;

Deno.test("a gap in any of the 16 intervals is found, confirmed, and refilled when the exchange has the candles", async () => {
  await using here = await scene({ since: parseTime("2017-08-17"), outages: false });
  const { simulator, db } = here;
  const all = INTERVALS.map((interval): Series => ({ symbol: "BTCUSDT", interval }));
  const gaps = all.map(({ symbol, interval }) => {
    const moving = openTimeOf(SCENE_NOW, interval);
    const gap = { from: shiftOpen(moving, interval, -20), to: shiftOpen(moving, interval, -17) };
    simulator.hide({ symbol, interval, ...gap });
    return gap;
  });
  await runCollect(here.jobs, all, signal);
  await runRepair(here.jobs, all, signal);
  for (const [i, one] of all.entries()) {
    const [gap, ...others] = await here.jobs.gaps.list({ interval: one.interval });
    assert.deepEqual(others, [], one.interval);
    assert.deepEqual(
      [gap?.from, gap?.to, gap?.missing, gap?.class],
      [
        gaps[i]!.from,
        gaps[i]!.to,
        3,
        gap!.to - gap!.from >= 3 * DAY_MS ? "delisted" : "exchange_outage",
      ],
      one.interval,
    );
    simulator.unhide({ ...one, ...gaps[i]! });
  }
  simulator.requests.clear();
  const later = { ...here.jobs, now: () => Date.now() + 2 * HOUR_MS };
  const report = await runRepair(later, all, signal);
  assert.equal(report.new, 3 * all.length);
  assert.deepEqual(await here.jobs.gaps.list({}), []);
  for (const [i, one] of all.entries()) {
    const stored = await storedRows(db, one);
    const range = { from: Number(stored[0]![0]), to: SCENE_NOW };
    const expected = simulator.candles(one.symbol, one.interval, range)
      .map((row) => row.slice(0, 11));
    assert.equal(compareRows(stored, expected), "", one.interval);
    const asked = simulator.requests.list({ path: `interval=${one.interval}&` })
      .map(({ query }) => query).find((query) => query.includes("startTime"));
    assert.match(asked!, new RegExp(`startTime=${gaps[i]!.from}&endTime=${gaps[i]!.to - 1}$`));
  }
});

Deno.test("3d candles are collected on the grid on which they were found", async () => {
  const folder = await Deno.makeTempDir();
  const lines = [0, 3, 6, 15, 18, 21].map((day) => { // a gap of two candles
    const open = parseTime("2018-01-02") + day * DAY_MS; // 1970-01-01 is not on the grid
    return [open, 1, 2, 1, 2, 5, endOf(open, "3d") - 1, 9, 3, 1, 2, 0].join();
  });
  await Deno.writeTextFile(`${folder}/BTCUSDT-3d.csv`, lines.join("\n"));
  await using here = await scene({
    csv: [`${folder}/BTCUSDT-3d.csv`],
    since: 0,
    now: parseTime("2018-01-25T12:00"),
  });
  const series: Series = { symbol: "BTCUSDT", interval: "3d" };
  const jobs = testJobs(here.db, [here.simulator.url]);
  await runCollect(jobs, [series], signal);
  await runBackfill(jobs, [series], signal);
  await runRepair(jobs, [series], signal);
  assert.equal((await storedRows(here.db, series)).length, 5, "the last one is open");
  const [gap, ...others] = await jobs.gaps.list({});
  assert.deepEqual([toIso(gap!.from), gap!.missing, others], ["2018-01-11T00:00:00.000Z", 2, []]);
  const [coverage] = await createKlineReader(here.db).coverage();
  assert.equal(coverage!.offGrid, 0);
});

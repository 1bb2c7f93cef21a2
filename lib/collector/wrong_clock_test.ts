import assert from "node:assert/strict";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { DAY_MS, HOUR_MS, parseTime, SECOND_MS } from "../core/time.ts";
import type { Series } from "../core/kline.ts";
import { manualClock } from "../testing/clock.ts";
import { compareRows, storedRows, testJobs } from "../testing/collector.ts";
import { scene, SCENE_NOW, served } from "../testing/collector_scene.ts";
import { testCluster } from "../testing/database/postgres.ts";
import { runCollect } from "./jobs.ts";

await testCluster();
const signal = new AbortController().signal;
const ALL: readonly Series[] = ["1m", "1h", "4h"].map((interval) => ({
  symbol: "BTCUSDT",
  interval: interval as Series["interval"],
}));
/** Little history, so that the last candles are all there is to compare. */
const SINCE = parseTime("2025-06-14T12:00");
const httpDate = (time: number) => new Date(time).toUTCString();

type Scene = Awaited<ReturnType<typeof scene>>;

/** All stored candles equal those that the exchange serves as closed, within the last thousand. */
async function requireExact(here: Scene, isCurrent: boolean): Promise<void> {
  for (const series of ALL) {
    const stored = await storedRows(here.db, series);
    const closed = served(here.simulator, series).slice(-2_000);
    const last = stored.at(-1)?.[0] as number | undefined;
    if (isCurrent) assert.equal(last, closed.at(-1)![0], `${series.interval} is not current`);
    const expected = closed.filter(([open]) =>
      (open as number) >= (stored[0]?.[0] as number) && (open as number) <= last!
    );
    assert.equal(compareRows(stored, stored.length === 0 ? [] : expected), "", series.interval);
  }
}

/** One run with wrong clocks, and a later one with correct clocks. */
async function wrongThenRight(here: Scene, jobs: Scene["jobs"], pass: (ms: number) => void, {
  isCurrent,
}: { readonly isCurrent: boolean }) {
  await runCollect(jobs, ALL, signal);
  await requireExact(here, isCurrent);
  here.simulator.faults.clear();
  pass(HOUR_MS + 10 * SECOND_MS);
  await runCollect(jobs, ALL, signal);
  await requireExact(here, true);
}

for (
  const [name, byMs, isCurrent] of [
    ["90 s ahead", 90 * SECOND_MS, true],
    ["an hour ahead", HOUR_MS, true],
    ["a day ahead", DAY_MS, true],
    ["ten years ahead", 3650 * DAY_MS, true],
    ["a day behind", -DAY_MS, true],
    ["ten years behind", -3650 * DAY_MS, true],
  ] as const
) {
  Deno.test(`an exchange's clock ${name} closes no candle early, and collecting continues immediately`, async () => {
    for (const ownMs of [0, -3 * HOUR_MS, 3 * HOUR_MS]) {
      await using here = await scene({ since: SINCE });
      const clock = manualClock(SCENE_NOW + ownMs);
      const jobs = testJobs(here.db, [here.simulator.url], { clock });
      here.simulator.faults.add({ kind: "wrong-clock", byMs });
      const pass = (ms: number) => {
        here.simulator.clock.advance(ms);
        clock.set(SCENE_NOW + ms);
      };
      await wrongThenRight(here, jobs, pass, { isCurrent: isCurrent && ownMs === 0 });
    }
  });
}

for (const ownMs of [-5 * HOUR_MS, 5 * HOUR_MS, -40 * DAY_MS, 40 * DAY_MS]) {
  Deno.test(`a local clock ${ownMs / HOUR_MS} h off: candles closed at the exchange are stored immediately`, async () => {
    await using here = await scene({ since: SINCE });
    const clock = manualClock(SCENE_NOW + ownMs);
    const jobs = testJobs(here.db, [here.simulator.url], { clock });
    await runCollect(jobs, ALL, signal);
    await requireExact(here, true);
  });
}

Deno.test("if one of two hosts has a wrong clock, the other's time counts, whatever the local clock", async () => {
  for (const ownMs of [0, -3 * HOUR_MS, 3 * HOUR_MS]) {
    await using here = await scene({ since: SINCE });
    const options = { now: SCENE_NOW, since: SINCE, frozen: true };
    await using liar = await startSimulator(options);
    liar.faults.add({ kind: "wrong-clock", byMs: DAY_MS });
    const clock = manualClock(SCENE_NOW + ownMs);
    const jobs = testJobs(here.db, [liar.url, here.simulator.url], { clock });
    await runCollect(jobs, ALL, signal);
    await requireExact(here, true);
  }
});

Deno.test("a clock that jumps during a run, and wrong Date headers, close nothing early", async () => {
  const faults = [
    { kind: "wrong-clock", byMs: DAY_MS, skip: 2, path: "time" },
    { kind: "headers", headers: { date: httpDate(SCENE_NOW + DAY_MS) } },
    { kind: "headers", headers: { date: httpDate(SCENE_NOW - DAY_MS) } },
    { kind: "headers", headers: { date: "yesterday" } },
    { kind: "wrong-clock", byMs: DAY_MS, headers: { date: httpDate(SCENE_NOW + DAY_MS) } },
  ] as const;
  for (const fault of faults) {
    await using here = await scene({ since: SINCE });
    const clock = manualClock(SCENE_NOW);
    here.simulator.faults.add(fault);
    const jobs = testJobs(here.db, [here.simulator.url], { clock });
    const pass = (ms: number) => {
      here.simulator.clock.advance(ms);
      clock.set(clock.now() + ms);
    };
    await wrongThenRight(here, jobs, pass, { isCurrent: true });
  }
});

Deno.test("an invalid time is a described error, and another host's time is used", async () => {
  for (const value of ["1750000000000", null, -1, 1e300]) {
    await using here = await scene({ since: SINCE });
    const clock = manualClock(SCENE_NOW);
    here.simulator.faults.add({ kind: "field", field: "serverTime", value, path: "time" });
    const alone = testJobs(here.db, [here.simulator.url], { clock });
    const message = /Cannot read the exchange's clock/;
    await assert.rejects(() => runCollect(alone, ALL, signal), { code: "bad_payload", message });
    const options = { now: SCENE_NOW, since: SINCE, frozen: true };
    await using other = await startSimulator(options);
    const both = testJobs(here.db, [here.simulator.url, other.url], { clock });
    await runCollect(both, ALL, signal);
    await requireExact(here, true);
  }
});

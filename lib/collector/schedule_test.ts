import assert from "node:assert/strict";
import type { Series } from "../core/kline.ts";
import { HOUR_MS, parseTime } from "../core/time.ts";
import type { Leases } from "../ports/boards.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { createLeases } from "../store/kv/lease_kv.ts";
import { listRuns } from "../store/postgres/status/runs_postgres.ts";
import { manualClock } from "../testing/clock.ts";
import { testJobs } from "../testing/collector.ts";
import { createTestDatabase, silent, testCluster } from "../testing/database/postgres.ts";
import { createSchedule, type ScheduleDeps } from "./schedule.ts";

const now = parseTime("2025-06-15T10:20:30Z");
const series = [
  { symbol: "BTCUSDT", interval: "1d" },
  { symbol: "ETHUSDT", interval: "1d" },
] as const;

await testCluster();

async function scene(leases: Leases = createLeases({ error: "" }, manualClock(now), silent)) {
  const simulator = await startSimulator({ now, since: parseTime("2025-06-01"), frozen: true });
  const { db, close } = await createTestDatabase();
  const stop = new AbortController();
  const world = { takeMarketCaps: () => Promise.resolve() };
  const deps = {
    ...testJobs(db, [simulator.url]),
    leases,
    listSeries: () => Promise.resolve(series),
    clock: manualClock(now),
    historySince: 0,
    takeMarketCaps: () => world.takeMarketCaps(),
  };
  const limited = (own: Partial<ScheduleDeps>) => createSchedule({ ...deps, ...own }, stop.signal);
  return {
    db,
    simulator,
    world,
    limited,
    schedule: limited({}),
    stop,
    outcomes: async () =>
      (await listRuns(db, 20)).map(({ job, outcome }) => `${job} ${outcome}`).reverse(),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await close();
    },
  };
}

Deno.test("every scheduled run is recorded with its outcome", async () => {
  await using here = await scene();
  await here.schedule.collect();
  await here.schedule.repair();
  await here.schedule.marketCaps();
  here.world.takeMarketCaps = () => Promise.reject(new Error("no provider"));
  await here.schedule.marketCaps();
  here.simulator.faults.add({ kind: "451" });
  await here.schedule.collect();
  assert.deepEqual(await here.outcomes(), [
    "collect done",
    "repair done",
    "backfill done",
    "market-caps done",
    "market-caps failed",
    "collect failed",
  ]);
});

Deno.test("a job that another instance runs is recorded as skipped", async () => {
  await using here = await scene({ hold: () => Promise.resolve(false) });
  await here.schedule.collect();
  await here.schedule.marketCaps();
  assert.deepEqual(await here.outcomes(), ["collect skipped", "market-caps skipped"]);
});

Deno.test("an aborted run is recorded as stopped", async () => {
  await using here = await scene();
  here.world.takeMarketCaps = () => {
    here.stop.abort(new Error("wick is stopping"));
    return Promise.reject(here.stop.signal.reason);
  };
  await here.schedule.marketCaps();
  assert.deepEqual(await here.outcomes(), ["market-caps stopped"]);
});

Deno.test("a tick of the repair waits for the first collection, which begins it afterwards", async () => {
  await using here = await scene();
  const begun = here.schedule.begin();
  await here.schedule.repair();
  await begun;
  await here.schedule.repair();
  assert.deepEqual(await here.outcomes(), [
    "collect done",
    "market-caps done",
    ...Array.from({ length: 2 }, () => ["repair done", "backfill done"]).flat(),
  ]);
});

Deno.test("each repair replaces imported candles that have one of the exchange", async () => {
  await using here = await scene();
  let calls = 0;
  await here.limited({ pruneImported: () => Promise.resolve(calls++) }).repair();
  assert.equal(calls, 1);
});

Deno.test("each repair deletes old runs that have stored nothing", async () => {
  await using here = await scene();
  await here.schedule.collect();
  for (const _ of [1, 2]) await here.schedule.collect();
  await here.db.query("update runs set started_at = now() - interval '31 days'");
  await here.schedule.repair();
  assert.deepEqual(await here.outcomes(), ["collect done", "repair done", "backfill done"]);
});

Deno.test("a collection that reaches its time limit goes on with the series that are left", async () => {
  await using here = await scene();
  here.simulator.faults.add({ kind: "no-answer", symbol: "ETHUSDT", count: 1 });
  await here.limited({ runMs: 2_000 }).collect();
  assert.deepEqual(await here.outcomes(), ["collect cut", "collect done"]);
  const asked = (symbol: string) => here.simulator.requests.list({ path: symbol }).length;
  assert.deepEqual([asked("BTCUSDT"), asked("ETHUSDT")], [1, 2]);
});

Deno.test("a run that reaches its time limit says so, is recorded as cut, and continues immediately", async () => {
  await using here = await scene();
  let runs = 0;
  const lines: string[] = [];
  const limited = here.limited({
    runMs: 200,
    log: { ...silent, info: (line) => void lines.push(line) },
    takeMarketCaps: (signal) => {
      if (++runs === 2) return Promise.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true })
      );
    },
  });
  await limited.marketCaps();
  assert.equal(runs, 2);
  assert.deepEqual(await here.outcomes(), ["market-caps cut", "market-caps done"]);
  assert.match(lines.join(), /Paused market-caps at its time limit .*continues immediately/);
});

Deno.test("collect requests nothing that streams deliver, and repair no newest candles of it", async () => {
  await using here = await scene();
  await here.schedule.collect();
  const health = {
    sort: (due: readonly Series[]) => Promise.resolve({ due, resting: new Map() }),
    note: () => Promise.resolve(),
  };
  let isFollowed = true;
  const streams = {
    follow: () => Promise.resolve(),
    others: (all: readonly Series[]) => Promise.resolve(isFollowed ? [] : all),
    findStreamed: () => Promise.resolve(() => isFollowed),
  };
  const limited = here.limited({ health, streams });
  here.simulator.clock.advance(24 * HOUR_MS);
  here.simulator.requests.clear();
  await limited.collect();
  assert.equal(here.simulator.requests.total, 0);
  await limited.repair();
  const limits = here.simulator.requests.list({ path: "/api/v3/klines" }).map(({ query }) =>
    new URLSearchParams(query).get("limit")
  );
  assert.ok(!limits.includes("100"), `${limits}`);
  isFollowed = false;
  await limited.collect();
  assert.ok(here.simulator.requests.list({ path: "/api/v3/klines" }).length > limits.length);
});

import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { parseTime } from "../lib/core/time.ts";
import { createRollupLedger } from "../lib/store/postgres/rollups/rollups_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { scene, SCENE_NOW } from "../lib/testing/collector_scene.ts";

const here = await scene();
const btc = { symbol: "BTCUSDT", interval: "4h" } as const;
const series = [{ ...btc, interval: "1h" } as const, btc, { ...btc, interval: "1d" } as const];
await runCollect(here.jobs, series, new AbortController().signal);
await runBackfill(here.jobs, series, new AbortController().signal);
const open = parseTime("2025-05-10T04:00:00Z");
const [candle] = await here.jobs.store.read(btc, { from: open, to: open + 1 });
const changed = { ...candle!, volume: parseDecimal("5.12345678"), numberOfTrades: 3 };
await here.jobs.store.write(btc, [changed], await here.jobs.runs.start("test", "rest"));
const ledger = createRollupLedger(here.db);
for (const pair of await ledger.due()) while (await ledger.advance(pair));

const app = await createTestApp({
  db: here.db,
  url: here.url,
  symbols: ["BTCUSDT"],
  intervals: ["1h", "4h", "1d"],
  serverTime: SCENE_NOW,
});
Deno.test.afterAll(async () => {
  await app.close();
  await here[Symbol.asyncDispose]();
});

const text = async (path: string) =>
  (await (await app.fetch(path)).text()).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");

Deno.test("/status shows the comparison of each series, and each difference with its cause", async () => {
  const page = await text("/status");
  assert.match(page, /Proof between intervals 1 candle differs from the parts/);
  assert.match(page, /BTCUSDT 4h = Σ 1h: 991 of 992, 1 differ /);
  assert.match(page, /BTCUSDT 1d = Σ 1h: 165 of 165 /);
  assert.match(
    page,
    /BTCUSDT 4h 2025-05-10 04:00 volume 5\.12345678, [\d.]+; number_of_trades 3, \d+ not requested again yet/,
  );
  await ledger.answer({ ...btc, base: "1h", openTime: open }, {
    askedAt: SCENE_NOW,
    cause: "late_trades",
  });
  assert.match(await text("/status"), /trades added to one interval only/);
});

Deno.test("the summary of a chart has the comparison of its interval, with a link to it", async () => {
  assert.match(await text("/charts?symbol=BTCUSDT&interval=4h"), /4h = Σ 1h: 991 of 992, 1 differ/);
  const html = await (await app.fetch("/charts?symbol=BTCUSDT&interval=1d")).text();
  assert.match(html, /href="[^"]*\/status\?[^"]*#proofs"[^>]*>.{0,40}1d = Σ 1h: 165 of 165/);
  assert.doesNotMatch(await text("/charts?symbol=BTCUSDT&interval=1h"), /Σ/);
});

Deno.test("/api/series has the comparison of each series", async () => {
  const { series } = await (await app.fetch("/api/series")).json();
  const [hours, fours] = ["1h", "4h"].map((interval) =>
    series.find((one: { interval: string }) => one.interval === interval)
  );
  assert.equal(hours.rollup, null);
  const { checked_at: checkedAt, ...rollup } = fours.rollup;
  assert.ok(checkedAt > open);
  assert.deepEqual(rollup, {
    from: "1h",
    compared: 992,
    equal: 991,
    differing: 1,
    unexplained: 0,
    newest: [{ open_time: open, columns: ["volume", "number_of_trades"], cause: "late_trades" }],
  });
});

import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { parseTime } from "../lib/core/time.ts";
import { createLivePoller } from "../lib/binance/binance_live_rest.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { readWith } from "../lib/testing/client_program.ts";
import { storedRows, testExchange, testJobs } from "../lib/testing/collector.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

// Published clients with only their base URL changed.
const now = parseTime("2024-05-15T10:23:45.678Z");
const since = parseTime("2022-01-01");
const series = { symbol: "BTCUSDT", interval: "1h" } as const;
const simulator = await startSimulator({ now, frozen: true, since, symbols: ["BTCUSDT"] });
const { db, url, close } = await createTestDatabase();
const never = new AbortController().signal;
await runCollect(testJobs(db, [simulator.url]), [series], never);
await runBackfill(testJobs(db, [simulator.url]), [series], never);
const { http, budget } = testExchange([simulator.url]);
const app = await createTestApp({
  db,
  url,
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  serverTime: now,
  liveSource: createLivePoller({ http, budget, clock: systemClock }),
});
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.handler);
const wick = `http://127.0.0.1:${server.addr.port}`;
Deno.test.afterAll(async () => {
  await server.shutdown();
  await app.close();
  await close();
  await simulator.close();
});

const ALL_CANDLES = ["BTC/USDT", "1h", since];

Deno.test("ccxt reads 20,000 candles from wick as from the exchange itself", async () => {
  const here = await readWith("ccxt", wick, { markets: [], time: [], candles: ALL_CANDLES });
  assert.deepEqual(here.markets["BTC/USDT"], { id: "BTCUSDT", active: true });
  assert.equal(here.time, now);
  assert.ok(here.candles.length > 20_000, String(here.candles.length));
  assert.equal(
    here.candles.at(-1)[0],
    parseTime("2024-05-15T10:00Z"),
    "the open candle",
  );
  const there = await readWith("ccxt", simulator.url, { candles: ALL_CANDLES });
  assert.deepEqual(here.candles, there.candles);
});

Deno.test("ccxt reads the exchange's limits of orders from wick", async () => {
  const here = await readWith("ccxt", wick, { limits: ["BTC/USDT"] });
  const there = await readWith("ccxt", simulator.url, { limits: ["BTC/USDT"] });
  assert.deepEqual(here.limits, there.limits);
  const { amount, cost } = here.limits.limits;
  assert.deepEqual([amount.max, cost.min], [9_000_000, 5]);

  await db.query("update symbols set filters = null");
  const before = await readWith("ccxt", wick, { limits: ["BTC/USDT"] });
  assert.equal(before.limits.limits.amount.max, undefined, "unknown, not 0");
  assert.deepEqual(before.limits.precision, there.limits.precision);
});

Deno.test("the client `binance` reads every digit from wick as from the exchange itself", async () => {
  const candles = [series.symbol, series.interval, since];
  const here = await readWith("binance", wick, {
    symbols: [],
    refusal: ["BOGUS", "1h"],
    candles,
  });
  assert.deepEqual(here.symbols, ["BTCUSDT"]);
  assert.equal(here.refusal.code, -1121);
  assert.ok(here.candles.length > 20_000, String(here.candles.length));
  const there = await readWith("binance", simulator.url, { candles });
  assert.deepEqual(here.candles, there.candles);
});

Deno.test("a second wick collects from the first: their stores are equal", async () => {
  const second = await createTestDatabase();
  const jobs = testJobs(second.db, [wick]);
  await runCollect(jobs, [series], never);
  await runBackfill(jobs, [series], never);
  const rows = await storedRows(second.db, series);
  assert.ok(rows.length > 20_000, String(rows.length));
  assert.deepEqual(rows, await storedRows(db, series));
  await second.close();
});

import assert from "node:assert/strict";
import { MainClient } from "binance";
// @ts-types="../lib/testing/ccxt.d.ts"
import ccxt, { type Exchange } from "ccxt";
import { systemClock } from "../lib/clock.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { parseTime } from "../lib/core/time.ts";
import { createLivePoller } from "../lib/exchange/binance_live_rest.ts";
import { startSimulator } from "../lib/simulator/simulator.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { storedRows, testExchange, testJobs } from "../lib/testing/collector.ts";
import { createTestDatabase } from "../lib/testing/postgres.ts";

// Published clients, of which nothing is changed but the base address.
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
  ...{ db, url, symbols: ["BTCUSDT"], intervals: ["1h"], serverTime: now },
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

/** Clients keep connections and timers of their own. */
function clientTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

function ccxtAt(origin: string): Exchange {
  // Spot alone: futures have hosts of their own.
  const options = { fetchMarkets: { types: ["spot"] } };
  const exchange = new ccxt.binance({ enableRateLimit: false, options });
  exchange.urls.api["public"] = `${origin}/api/v3`;
  return exchange;
}

async function ohlcvOf(exchange: Exchange): Promise<number[][]> {
  const rows: number[][] = [];
  for (let from = since;; from = rows.at(-1)![0]! + 1) {
    const page = await exchange.fetchOHLCV("BTC/USDT", "1h", from, 1000);
    rows.push(...page);
    if (page.length < 1000) return rows;
  }
}

clientTest("ccxt reads 20,000 candles from wick as from the exchange itself", async () => {
  const [here, there] = [ccxtAt(wick), ccxtAt(simulator.url)];
  const markets = await here.loadMarkets();
  assert.equal(markets["BTC/USDT"]!.id, "BTCUSDT");
  assert.equal(markets["BTC/USDT"]!.active, true);
  assert.equal(await here.fetchTime(), now);
  const rows = await ohlcvOf(here);
  assert.ok(rows.length > 20_000, String(rows.length));
  assert.equal(rows.at(-1)![0], parseTime("2024-05-15T10:00Z"), "the candle that still moves");
  assert.deepEqual(rows, await ohlcvOf(there));
});

async function klinesOf(baseUrl: string): Promise<unknown[]> {
  const client = new MainClient({ baseUrl, beautifyResponses: false });
  const rows: unknown[] = [];
  for (let startTime = since;;) {
    const page = await client.getKlines({ ...series, startTime, limit: 1000 });
    rows.push(...page);
    if (page.length < 1000) return rows;
    startTime = page.at(-1)![0] + 1;
  }
}

clientTest(
  "the client `binance` reads every digit from wick as from the exchange itself",
  async () => {
    const client = new MainClient({ baseUrl: wick });
    const info = await client.getExchangeInfo();
    assert.deepEqual(info.symbols.map(({ symbol }) => symbol), ["BTCUSDT"]);
    await assert.rejects(
      () => client.getKlines({ symbol: "BOGUS", interval: "1h" }),
      (error: { code: number; message: string }) => error.code === -1121,
    );
    const rows = await klinesOf(wick);
    assert.ok(rows.length > 20_000, String(rows.length));
    assert.deepEqual(rows, await klinesOf(simulator.url));
  },
);

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

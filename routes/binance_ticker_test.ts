import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseTime, toIso } from "../lib/core/time.ts";
import { createLivePoller } from "../lib/binance/binance_live_rest.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { readWith } from "../lib/testing/client_program.ts";
import { testExchange, testJobs } from "../lib/testing/collector.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

// BTCUSDT is collected at 1m, ETHUSDT only at 1h, SOLUSDT only at 1d; the exchange has the same
// symbols.
const since = parseTime("2024-05-13");
const kept = { BTCUSDT: "1m", ETHUSDT: "1h", SOLUSDT: "1d" } as const;
const symbols = Object.keys(kept);
const series = Object.entries(kept).map(([symbol, interval]) => ({ symbol, interval }));

async function collectAt(now: number) {
  const simulator = await startSimulator({ now, frozen: true, since, symbols });
  const { db, url, close } = await createTestDatabase();
  const jobs = testJobs(db, [simulator.url]);
  await runCollect(jobs, series, new AbortController().signal);
  await runBackfill(jobs, series, new AbortController().signal);
  const { http, budget } = testExchange([simulator.url]);
  const app = await createTestApp({
    db,
    url,
    symbols,
    intervals: ["1m", "1h", "1d"],
    serverTime: now,
    liveSource: createLivePoller({ http, budget, clock: systemClock }),
  });
  const read = async (answering: Promise<Response>) => {
    const response = await answering;
    return { status: response.status, body: await response.json() };
  };
  return {
    app,
    db,
    simulator,
    ask: (path: string) => read(app.fetch(`/api/v3/${path}`)),
    askExchange: (path: string) => read(fetch(`${simulator.url}/api/v3/${path}`)),
    async close() {
      await app.close();
      await close();
      await simulator.close();
    },
  };
}

const onTheHour = await collectAt(parseTime("2024-05-15T10:00Z"));
const between = await collectAt(parseTime("2024-05-15T10:23:45.678Z"));
Deno.test.afterAll(async () => {
  await onTheHour.close();
  await between.close();
});

/** Values that candles do not contain. */
const UNKNOWN = ["bidPrice", "bidQty", "askPrice", "askQty", "lastQty"];

function knowable(ticker: Record<string, unknown>) {
  const known = Object.entries(ticker).filter(([name]) => !UNKNOWN.includes(name));
  return { ...Object.fromEntries(known), firstId: -1, lastId: -1 };
}

Deno.test("ticker/24hr on the hour equals the exchange's, from minutes and from hours", async () => {
  for (const symbol of ["BTCUSDT", "ETHUSDT"]) {
    for (const type of ["", "&type=FULL", "&type=MINI"]) {
      const path = `ticker/24hr?symbol=${symbol}${type}`;
      const { status, body } = await onTheHour.ask(path);
      assert.equal(status, 200);
      assert.ok(body.count > 0);
      assert.deepEqual(body, knowable((await onTheHour.askExchange(path)).body), path);
    }
  }
  const list = await onTheHour.ask('ticker/24hr?symbols=["ETHUSDT","BTCUSDT"]&type=MINI');
  assert.deepEqual(list.body.map(({ symbol }: { symbol: string }) => symbol), [
    "ETHUSDT",
    "BTCUSDT",
  ]);
});

Deno.test("ticker/24hr between candles states its window, which ends now and equals the sum of candles", async () => {
  const now = between.app.world.serverTime;
  const steps = { BTCUSDT: MINUTE_MS, ETHUSDT: HOUR_MS };
  for (const [symbol, step] of Object.entries(steps)) {
    const { body } = await between.ask(`ticker/24hr?symbol=${symbol}`);
    const openTime = Math.floor((now - DAY_MS) / step) * step;
    assert.deepEqual([body.openTime, body.closeTime], [openTime, now]);
    const interval = kept[symbol as keyof typeof kept];
    // A day of minutes needs two batches, of twelve hours each.
    const pages = await Promise.all([0, 12, 24].map((hours) => {
      const from = openTime + hours * HOUR_MS;
      const query = `symbol=${symbol}&interval=${interval}&limit=1000&startTime=${from}`;
      return between.askExchange(`klines?${query}&endTime=${from + 12 * HOUR_MS - 1}`);
    }));
    const rows = pages.flatMap((page) => page.body as string[][]);
    const units = (column: number) =>
      rows.reduce((sum, row) => sum + BigInt(row[column]!.replace(".", "")), 0n);
    assert.equal(BigInt(body.volume.replace(".", "")), units(5));
    assert.equal(BigInt(body.quoteVolume.replace(".", "")), units(7));
    assert.equal(body.count, rows.reduce((sum, row) => sum + Number(row[8]), 0));
    assert.equal(body.openPrice, rows[0]![1]);
    assert.equal(body.lastPrice, rows.at(-1)![4]);
    assert.equal(body.lastPrice, (await between.ask(`ticker/price?symbol=${symbol}`)).body.price);
    assert.equal(Number(body.highPrice), Math.max(...rows.map((row) => Number(row[2]))));
    assert.equal(Number(body.lowPrice), Math.min(...rows.map((row) => Number(row[3]))));
  }
});

Deno.test("avgPrice on the minute equals the exchange's; without minute candles it is an error", async () => {
  const { body } = await onTheHour.ask("avgPrice?symbol=BTCUSDT");
  const theirs = (await onTheHour.askExchange("avgPrice?symbol=BTCUSDT")).body;
  assert.deepEqual(body, { ...theirs, closeTime: onTheHour.app.world.serverTime });
  const moving = await between.ask("avgPrice?symbol=BTCUSDT");
  assert.equal(moving.body.closeTime, between.app.world.serverTime);
  assert.deepEqual(await onTheHour.ask("avgPrice?symbol=ETHUSDT"), {
    status: 400,
    body: {
      code: -1020,
      msg: "This operation is not supported: the five-minute average requires 1s or 1m candles, " +
        "and none are collected.",
    },
  });
});

Deno.test("a symbol collected only at 1d has no 24 h ticker: an error by name, omitted from the list", async () => {
  const named = await onTheHour.ask("ticker/24hr?symbol=SOLUSDT");
  assert.equal(named.status, 400);
  assert.equal(named.body.code, -1020);
  const all = await onTheHour.ask("ticker/24hr");
  assert.deepEqual(all.body.map(({ symbol }: { symbol: string }) => symbol), [
    "BTCUSDT",
    "ETHUSDT",
  ]);
});

Deno.test("errors of tickers have the exchange's status, code and text", async () => {
  const paths = [
    "ticker/24hr?symbol=BOGUS",
    "ticker/24hr?symbol=btcusdt",
    "ticker/24hr?symbol=BTCUSDT&type=full",
    "ticker/24hr?symbol=BTCUSDT&symbolStatus=HALT",
    'ticker/24hr?symbol=BTCUSDT&symbols=["BTCUSDT"]',
    'ticker/24hr?symbols=["BTCUSDT","BOGUS"]',
    'ticker/24hr?symbols=["BTCUSDT","BTCUSDT"]',
    "ticker/24hr?x=1",
    "avgPrice",
    "avgPrice?symbol=BOGUS",
    "avgPrice?symbol=BTCUSDT&x=1",
  ];
  for (const path of paths) {
    const answer = await onTheHour.ask(path);
    assert.equal(answer.status, 400, path);
    assert.deepEqual(answer, await onTheHour.askExchange(path), path);
  }
});

Deno.test("ccxt and the client `binance` read tickers from wick, without the unknown bids", async () => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    onTheHour.app.handler,
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const { body } = await onTheHour.ask("ticker/24hr?symbol=ETHUSDT");
  const { ticker, tickers } = await readWith("ccxt", origin, {
    ticker: ["ETH/USDT"],
    tickers: [],
  });
  assert.equal(ticker.last, Number(body.lastPrice));
  assert.equal(ticker.baseVolume, Number(body.volume));
  assert.equal(ticker.timestamp, body.closeTime);
  assert.equal(ticker.bid, undefined);
  assert.deepEqual(Object.keys(tickers).sort(), ["BTC/USDT", "ETH/USDT"]);
  const read = await readWith("binance", origin, {
    ticker: ["ETHUSDT"],
    averagePrice: ["BTCUSDT"],
  });
  assert.deepEqual(read.ticker, body);
  assert.equal(read.averagePrice.mins, 5);
  await server.shutdown();
});

Deno.test("minutes with a pending gap are not added up", async () => {
  const { db, ask, app } = between;
  const [from, to] = ["2024-05-15T10:20:00Z", "2024-05-15T10:22:00Z"];
  const where = "symbol_id = (select symbol_id from symbols where symbol = 'BTCUSDT')";
  await db.query(
    `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
     select symbol_id, '1m', $1, $2, 2, 'pending' from symbols where symbol = 'BTCUSDT'`,
    [from, to],
  );
  for (const path of ["avgPrice?symbol=BTCUSDT", "ticker/24hr?symbol=BTCUSDT"]) {
    const { status, body } = await ask(path);
    assert.equal(status, 503, path);
    assert.equal(body.code, -1001);
    assert.match(body.msg, /have not been fetched/);
  }
  await db.query(`update gaps set class = 'exchange_outage' where ${where}`);
  const { body } = await ask("ticker/24hr?symbol=BTCUSDT");
  assert.equal(toIso(body.closeTime), toIso(app.world.serverTime));
});

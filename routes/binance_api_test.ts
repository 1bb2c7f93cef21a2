import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { runBackfill, runCollect } from "../lib/collector/jobs.ts";
import { parseTime } from "../lib/core/time.ts";
import { createLivePoller } from "../lib/binance/binance_live_rest.ts";
import { startSimulator } from "../packages/simulator/simulator.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { testExchange, testJobs } from "../lib/testing/collector.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

// The exchange itself, and wick that has collected from it; both get the same requests.
const now = parseTime("2024-05-15T10:23:45.678Z");
const since = parseTime("2024-01-01");
const simulator = await startSimulator({
  now,
  frozen: true,
  since,
  symbols: ["BTCUSDT", "ETHUSDT"],
});
const { db, url, close } = await createTestDatabase();
const symbols = ["BTCUSDT", "ETHUSDT"];
const series = symbols.flatMap((symbol) =>
  (["1h", "1d"] as const).map((interval) => ({ symbol, interval }))
);
const never = new AbortController().signal;
const jobs = testJobs(db, [simulator.url]);
await runCollect(jobs, series, never);
await runBackfill(jobs, series, never);
const { http, budget } = testExchange([simulator.url]);
const app = await createTestApp({
  db,
  url,
  symbols,
  intervals: ["1h", "1d"],
  serverTime: now,
  liveSource: createLivePoller({ http, budget, clock: systemClock }),
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
  await simulator.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await app.fetch(path, { headers });
  return { status: response.status, body: await response.json() };
}

async function askExchange(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(simulator.url + path, { headers });
  return { status: response.status, body: await response.json() };
}

async function compare(path: string, headers: Record<string, string> = {}): Promise<void> {
  assert.deepEqual(await ask(path, headers), await askExchange(path, headers), path);
}

const HOUR = parseTime("2024-03-01T05:00Z");
const LATE = parseTime("2024-05-15T08:00Z");
const OPEN = parseTime("2024-05-15T10:00Z");

Deno.test("klines: every kind of window returns the exchange's own rows, the open candle included", async () => {
  const windows = [
    "",
    "&limit=1",
    "&limit=2",
    "&limit=1000",
    "&limit=1001",
    "&limit=99999",
    `&startTime=0&limit=1`,
    `&startTime=0`,
    `&startTime=1704067200`,
    `&startTime=${HOUR}`,
    `&startTime=${HOUR + 1}&limit=3`,
    `&startTime=${HOUR}&endTime=${HOUR}`,
    `&startTime=${HOUR}000&endTime=${HOUR + 7_200_000}`,
    `&startTime=${HOUR}&endTime=${HOUR + 7_199_999}`,
    `&startTime=${HOUR}&endTime=${HOUR - 1}`,
    `&endTime=${HOUR}`,
    `&endTime=${HOUR - 1}&limit=5`,
    `&endTime=9223372036854775807`,
    `&startTime=${LATE}`,
    `&startTime=${LATE}&limit=2`,
    `&startTime=${LATE}&limit=3`,
    `&startTime=${OPEN}`,
    `&startTime=${OPEN + 1}`,
    `&startTime=${LATE}&endTime=${OPEN - 1}`,
    `&startTime=${LATE}&endTime=${OPEN}`,
    `&endTime=${OPEN}&limit=2`,
    `&startTime=9223372036854775807`,
    "&timeZone=0",
    "&timeZone=-00:00",
  ];
  for (const window of windows) {
    await compare(`/api/v3/klines?symbol=BTCUSDT&interval=1h${window}`);
    await compare(`/api/v3/uiKlines?symbol=ETHUSDT&interval=1d${window}`);
  }
  await compare("/api/v3/klines?symbol=BTCUSDT&interval=1h&timeZone=%2B8&limit=5");
  const micros = { "x-mbx-time-unit": "MICROSECOND" };
  await compare(`/api/v3/klines?symbol=BTCUSDT&interval=1h&startTime=${LATE}`, micros);
});

Deno.test("klines: random windows agree with the exchange", async () => {
  let seed = 7;
  const random = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % max;
  };
  const day = 86_400_000;
  for (let i = 0; i < 60; i++) {
    const from = since + random(136 * day);
    const bounds = [
      random(2) === 0 ? `&startTime=${from}` : "",
      random(2) === 0 ? `&endTime=${from + random(40 * day)}` : "",
      random(2) === 0 ? `&limit=${1 + random(300)}` : "",
    ];
    const { symbol, interval } = series[random(series.length)]!;
    await compare(`/api/v3/klines?symbol=${symbol}&interval=${interval}${bounds.join("")}`);
  }
});

Deno.test("errors have the exchange's status, code and text", async () => {
  const held = "symbol=BTCUSDT&interval=1h";
  const paths = [
    "klines",
    "klines?symbol=BTCUSDT",
    "klines?interval=1h",
    "klines?symbol=BOGUS&limit=2&interval=1h",
    "klines?symbol=btcusdt&interval=1h",
    "klines?symbol=&interval=1h",
    "klines?symbol=BTCUSDT&interval=7m",
    "klines?symbol=BTCUSDT&interval=1H",
    `klines?${held}&limit=None`,
    `klines?${held}&limit=0`,
    `klines?${held}&limit=-1`,
    `klines?${held}&limit=99999999999999999999`,
    `klines?${held}&startTime=2018-03-31%2000:00:00`,
    `klines?${held}&startTime=1.5`,
    `klines?${held}&start_time=1`,
    `klines?${held}&interval=1h`,
    `klines?${held}&timestamp=1`,
    `klines?${held}&timeZone=15`,
    `klines?${held}&timeZone=x`,
    "ping?x=1",
    "time?x=1",
    "exchangeInfo?symbol=BOGUS",
    'exchangeInfo?symbols=["BTCUSDT","BOGUS"]',
    'exchangeInfo?symbols=["BTCUSDT","BTCUSDT"]',
    'exchangeInfo?symbol=BTCUSDT&symbols=["BTCUSDT"]',
    "exchangeInfo?symbol=BTCUSDT&permissions=SPOT",
    "exchangeInfo?symbolStatus=OPEN",
    "exchangeInfo?permissions=NOPE",
    "ticker/price?symbol=BOGUS",
    "ticker/price?symbol=BTCUSDT&symbolStatus=HALT",
    "ticker/price?symbols=[]",
    "ticker/price?x=1",
  ];
  for (const path of paths) {
    const { status, body } = await ask(`/api/v3/${path}`);
    assert.equal(status, 400, path);
    assert.deepEqual(Object.keys(body as object), ["code", "msg"], path);
    await compare(`/api/v3/${path}`);
  }
  await compare(`/api/v3/klines?${held}`, { "x-mbx-time-unit": "SECOND" });
  // Recorded from the exchange itself.
  assert.deepEqual((await ask("/api/v3/klines?symbol=BOGUS&limit=2&interval=1h")).body, {
    code: -1121,
    msg: "Invalid symbol.",
  });
  assert.deepEqual((await ask(`/api/v3/klines?${held}&start_time=1`)).body, {
    code: -1104,
    msg: "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.",
  });
  // Known to the exchange, not collected here.
  assert.deepEqual((await ask("/api/v3/klines?symbol=BTCUSDT&interval=4h")).body, {
    code: -1120,
    msg: "Invalid interval.",
  });
});

Deno.test("time is the exchange's clock, and prices are those of the open candle", async () => {
  assert.deepEqual((await ask("/api/v3/time")).body, { serverTime: now });
  await compare("/api/v3/time", { "x-mbx-time-unit": "microsecond" });
  await compare("/api/v3/ping");
  await compare("/api/v3/ticker/price");
  await compare("/api/v3/ticker/price?symbol=ETHUSDT");
  await compare("/api/v3/ticker/price?symbols=%5B%22ETHUSDT%22,%22BTCUSDT%22%5D");
});

/** exchangeInfo's entry of each market, without the fields that wick does not store. */
const marketsOf = ({ body }: Answer) =>
  (body as { symbols: Record<string, unknown>[] }).symbols.map((one) => ({
    symbol: one["symbol"],
    status: one["status"],
    assets: [one["baseAsset"], one["quoteAsset"]],
    filters: one["filters"],
  }));

Deno.test("exchangeInfo passes the exchange's filters through as received", async () => {
  for (const path of ["/api/v3/exchangeInfo", "/api/v3/exchangeInfo?symbol=BTCUSDT"]) {
    const served = marketsOf(await askExchange(path));
    assert.deepEqual(marketsOf(await ask(path)), served, path);
    const filters = served[0]!.filters as Record<string, unknown>[];
    assert.ok(filters.some((filter) => filter["filterType"] === "NOTIONAL"), "not only steps");
  }
});

/** The exchange, with other filters of BTCUSDT. */
function exchangeWithFilters(filters: unknown) {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const response = await fetch(simulator.url + pathname + search);
    if (pathname !== "/api/v3/exchangeInfo") return response;
    const info = await response.json();
    info.symbols.find((one: { symbol: string }) => one.symbol === "BTCUSDT").filters = filters;
    return Response.json(info, { headers: { "x-mbx-used-weight-1m": "20" } });
  });
}

async function filtersAfter(filters: unknown): Promise<unknown> {
  const server = exchangeWithFilters(filters);
  try {
    await runCollect(testJobs(db, [`http://127.0.0.1:${server.addr.port}`]), series, never);
  } finally {
    await server.shutdown();
  }
  return marketsOf(await ask("/api/v3/exchangeInfo?symbol=BTCUSDT"))[0]!.filters;
}

Deno.test("exchangeInfo keeps unknown filters, and a malformed one affects only itself", async () => {
  const odd = [
    { filterType: "T_PLUS_SELL", endTime: 1_772_000_000_000, nested: { a: [1, null] } },
    {
      stepSize: "0.00001000",
      minQty: "0.00001000",
      maxQty: "9000.00000000",
      filterType: "LOT_SIZE",
    },
    { filterType: "PRICE_FILTER", tickSize: 0.01, minPrice: null },
    { filterType: "MIN_NOTIONAL", minNotional: "10.00" },
  ];
  assert.deepEqual(await filtersAfter([...odd, null, "LOT_SIZE", { limit: 1 }]), odd);
  assert.deepEqual(await filtersAfter([]), []);
  const [row] = await db.query("select filters::text from symbols where symbol = 'BTCUSDT'");
  assert.deepEqual(row, { filters: "[]" });
  assert.deepEqual(await filtersAfter("none"), [], "an answer without filters removes none");
});

Deno.test("exchangeInfo omits bounds for a symbol that was stored before filters were", async () => {
  await runCollect(jobs, series, never);
  await db.query("update symbols set filters = null where symbol = 'BTCUSDT'");
  assert.deepEqual(marketsOf(await ask("/api/v3/exchangeInfo?symbol=BTCUSDT"))[0]!.filters, [
    { filterType: "PRICE_FILTER", tickSize: "0.01000000" },
    { filterType: "LOT_SIZE", stepSize: "0.00001000" },
  ]);
  await runCollect(jobs, series, never);
  const path = "/api/v3/exchangeInfo";
  assert.deepEqual(marketsOf(await ask(path)), marketsOf(await askExchange(path)));
});

Deno.test("every response states the used weight and allows other origins", async () => {
  const weights = [];
  for (
    const path of ["ping", "klines?symbol=BTCUSDT&interval=1h", "klines?symbol=BOGUS&interval=1h"]
  ) {
    const { headers, body } = await app.fetch(`/api/v3/${path}`);
    await body?.cancel();
    weights.push(Number(headers.get("x-mbx-used-weight-1m")));
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("content-type"), "application/json;charset=UTF-8");
  }
  const [first = 0, ...rest] = weights;
  assert.deepEqual(rest, [first + 2, first + 4]);
});

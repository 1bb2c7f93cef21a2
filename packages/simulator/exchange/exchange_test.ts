import assert from "node:assert/strict";
import { withSimulator } from "../testing/client.ts";

const SYMBOL_RANGE = "^[A-Z0-9-_.]{1,20}$";
const DIGITS = "^[0-9]{1,20}$";

const illegal = (name: string, range: string) => ({
  code: -1100,
  msg: `Illegal characters found in parameter '${name}'; legal range is '${range}'.`,
});
const missing = (name: string) => ({
  code: -1102,
  msg: `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`,
});

const K = "/api/v3/klines?symbol=BTCUSDT&interval=1h";

const MISTAKES: readonly [string, { code: number; msg: string }][] = [
  ["/api/v3/klines", missing("symbol")],
  ["/api/v3/klines?interval=1h", missing("symbol")],
  ["/api/v3/klines?symbol=BTCUSDT", missing("interval")],
  ["/api/v3/klines?symbol=&interval=1h", { code: -1105, msg: "Parameter 'symbol' was empty." }],
  [`${K}&limit=`, { code: -1105, msg: "Parameter 'limit' was empty." }],
  ["/api/v3/klines?symbol=btcusdt&interval=1h", illegal("symbol", SYMBOL_RANGE)],
  ["/api/v3/klines?symbol=BTC/USDT&interval=1h", illegal("symbol", SYMBOL_RANGE)],
  ["/api/v3/klines?symbol=BOGUS&interval=1h", { code: -1121, msg: "Invalid symbol." }],
  ["/api/v3/klines?symbol=%E5%B8%81USDT&interval=1h", { code: -1121, msg: "Invalid symbol." }],
  ["/api/v3/klines?symbol=BTCUSDT&interval=1H", { code: -1120, msg: "Invalid interval." }],
  ["/api/v3/klines?symbol=BTCUSDT&interval=2d", { code: -1120, msg: "Invalid interval." }],
  [`${K}&limit=None`, illegal("limit", DIGITS)],
  [`${K}&limit=0`, illegal("limit", DIGITS)],
  [`${K}&limit=-5`, illegal("limit", DIGITS)],
  [`${K}&startTime=2018-03-31%2000:00:00`, illegal("startTime", DIGITS)],
  [`${K}&endTime=1.5e12`, illegal("endTime", DIGITS)],
  [`${K}&startTime=9223372036854775808`, {
    code: -1108,
    msg: "Parameter 'startTime' overflowed.",
  }],
  [`${K}&start_time=1`, {
    code: -1104,
    msg: "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.",
  }],
  [`${K}&interval=1h`, { code: -1101, msg: "Duplicate values for a parameter detected." }],
  [`${K}&timestamp=1`, { code: -1106, msg: "Parameter 'timestamp' sent when not required." }],
  ["/api/v3/time?x=1", {
    code: -1101,
    msg: "Too many parameters; expected '0' and received '1'.",
  }],
  ["/api/v3/ticker/price?symbol=BTCUSDT&symbols=[%22ETHUSDT%22]", {
    code: -1128,
    msg: "Combination of optional parameters invalid.",
  }],
  ["/api/v3/exchangeInfo?symbol=BTCUSDT&permissions=SPOT", {
    code: -1128,
    msg: "Combination of optional parameters invalid.",
  }],
  ["/api/v3/exchangeInfo?permissions=NONE", {
    code: -1130,
    msg: "Data sent for parameter 'permissions' is not valid.",
  }],
  ["/api/v3/exchangeInfo?symbols=[%22BTCUSDT%22,%22BTCUSDT%22]", {
    code: -1151,
    msg: "Symbol is present multiple times in the list.",
  }],
  ["/api/v3/exchangeInfo?symbols=[%22BTCUSDT%22,%22BOGUS%22]", {
    code: -1121,
    msg: "Invalid symbol.",
  }],
  [
    "/api/v3/exchangeInfo?symbols=BTCUSDT",
    illegal(
      "symbols",
      '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$',
    ),
  ],
  ["/api/v3/exchangeInfo?symbolStatus=GONE", { code: -1122, msg: "Invalid symbolStatus." }],
  ["/api/v3/ticker/price?symbol=SRMUSDT&symbolStatus=TRADING", {
    code: -1220,
    msg: "The symbol's status does not match the requested symbolStatus.",
  }],
  ["/api/v3/ticker/24hr?type=BIG", { code: -1139, msg: "Invalid ticker type." }],
];

Deno.test("exchange: mistakes have Binance's codes and texts", async () => {
  await withSimulator({}, async ({ get }) => {
    for (const [path, body] of MISTAKES) {
      const reply = await get(path);
      assert.equal(reply.status, 400, path);
      assert.equal(reply.text, JSON.stringify(body), path);
      assert.match(reply.headers.get("x-mbx-used-weight-1m")!, /^\d+$/, path);
    }
  });
});

Deno.test("exchange: unknown routes are 404, other methods 405", async () => {
  await withSimulator({}, async ({ get }) => {
    const unknown = await get("/api/v3/depth?symbol=BTCUSDT");
    assert.equal(unknown.status, 404);
    assert.match(unknown.headers.get("content-type")!, /json/);
    assert.equal((await get("/api/v3/ping", { method: "POST" })).status, 405);
  });
});

/** The tested parts of a symbol in exchangeInfo. */
interface Listed {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: string;
  readonly permissions: readonly string[];
  readonly filters: readonly Readonly<Record<string, unknown>>[];
}

Deno.test("exchangeInfo lists limits and symbols, with filters that match their prices", async () => {
  await withSimulator({}, async ({ get }) => {
    const info = (await get("/api/v3/exchangeInfo")).json;
    const limits = info.rateLimits.map((limit: { rateLimitType: string; limit: number }) =>
      `${limit.rateLimitType} ${limit.limit}`
    );
    assert.ok(limits.includes("REQUEST_WEIGHT 6000") && limits.includes("RAW_REQUESTS 61000"));
    const symbols = new Map<string, Listed>(
      info.symbols.map((one: Listed) => [one.symbol, one]),
    );
    for (const base of ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"]) {
      const symbol = symbols.get(`${base}USDT`)!;
      assert.equal(symbol.baseAsset, base);
      assert.equal(symbol.quoteAsset, "USDT");
      assert.equal(symbol.status, "TRADING");
      assert.deepEqual(symbol.permissions, []);
    }
    assert.equal(symbols.get("SRMUSDT")!.status, "BREAK");
    assert.equal(symbols.has("NOVAUSDT"), false, "not listed yet");
    const filter = (symbol: string, type: string) =>
      symbols.get(symbol)?.filters.find((one) => one["filterType"] === type) ?? {};
    assert.equal(filter("PEPEUSDT", "PRICE_FILTER")["tickSize"], "0.00000001");
    assert.equal(filter("BTCUSDT", "LOT_SIZE")["stepSize"], "0.00001000");
    const broken = (await get("/api/v3/exchangeInfo?symbolStatus=BREAK")).json.symbols;
    assert.deepEqual(broken.map((one: { symbol: string }) => one.symbol), ["SRMUSDT"]);
    const bare = (await get("/api/v3/exchangeInfo?symbol=BTCUSDT&showPermissionSets=false")).json;
    assert.deepEqual(bare.symbols.map((one: { permissionSets: unknown }) => one.permissionSets), [
      [],
    ]);
  });
});

Deno.test("tickers agree with the candles", async () => {
  await withSimulator({}, async ({ get, klines }) => {
    const [moving] = await klines("symbol=BTCUSDT&interval=1m&limit=1");
    const price = (await get("/api/v3/ticker/price?symbol=BTCUSDT")).json;
    assert.deepEqual(price, { symbol: "BTCUSDT", price: moving![4] });
    const full = (await get("/api/v3/ticker/24hr?symbol=BTCUSDT")).json;
    assert.equal(full.lastPrice, moving![4]);
    assert.equal(full.lastId - full.firstId + 1, full.count);
    assert.equal(full.closeTime - full.openTime, 86_400_000);
    assert.ok(Number(full.weightedAvgPrice) > Number(full.lowPrice));
    assert.ok(Number(full.weightedAvgPrice) < Number(full.highPrice));
    const mini = (await get("/api/v3/ticker/24hr?symbol=BTCUSDT&type=MINI")).json;
    assert.equal(Object.keys(mini).length, 12);
    const average = (await get("/api/v3/avgPrice?symbol=BTCUSDT")).json;
    assert.equal(average.mins, 5);
    assert.ok(Math.abs(Number(average.price) / Number(price.price) - 1) < 0.02);
  });
});

Deno.test("tickers list a delisted symbol with empty statistics and its last price", async () => {
  await withSimulator({}, async ({ get, simulator }) => {
    const all = (await get("/api/v3/ticker/24hr")).json;
    const serum = all.find((one: { symbol: string }) => one.symbol === "SRMUSDT");
    assert.equal(serum.count, 0);
    assert.equal(serum.firstId, -1);
    assert.equal(serum.lastPrice, "0.00000000");
    assert.equal(serum.weightedAvgPrice, "0");
    assert.ok(serum.closeTime < Date.UTC(2022, 10, 29));
    const price = (await get("/api/v3/ticker/price?symbol=SRMUSDT")).json.price;
    assert.equal(price, simulator.candles("SRMUSDT", "1h").at(-1)![4]);
    const listed =
      (await get("/api/v3/ticker/price?symbols=[%22BTCUSDT%22,%22SRMUSDT%22]&symbolStatus=TRADING"))
        .json;
    assert.equal(listed.length, 1);
  });
});

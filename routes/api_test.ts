import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { KLINE_COLUMNS } from "../lib/core/kline.ts";
import { HOUR_MS, MINUTE_MS, parseTime, toIso } from "../lib/core/time.ts";
import { createGapLedger } from "../lib/store/postgres/writing/gaps_postgres.ts";
import { createKlineStore } from "../lib/store/postgres/writing/klines_postgres.ts";
import { createMarketCapStore } from "../lib/store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const { db, url, close } = await createTestDatabase();
const store = createKlineStore(db);
await store.saveSymbols(["BTCUSDT", "ETHUSDT", "OLDUSDT"].map((symbol) => marketSymbol(symbol)));
const run = await createRunLedger(db).start("test", "rest");
const btc = klinesFrom("2024-01-01", "1h", 48);
await store.write({ symbol: "BTCUSDT", interval: "1h" }, btc.toSpliced(10, 3), run);
await store.write({ symbol: "OLDUSDT", interval: "1d" }, klinesFrom("2020-01-01", "1d", 3), run);
await store.openSeries({ symbol: "ETHUSDT", interval: "1h" });
const lastOpen = btc.at(-1)!.openTime;

const app = await createTestApp({
  db,
  url,
  symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
  intervals: ["1h", "4h"],
  serverTime: lastOpen + HOUR_MS + 30 * MINUTE_MS,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

async function json(path: string, init?: RequestInit) {
  const response = await app.fetch(path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

const JSON_PATHS = [
  "/export",
  "/api/candles",
  "/api/series",
  "/api/gaps",
  "/api/market-caps",
  "/api/live",
];

Deno.test("GET /export sends the series as an attachment with its row count", async () => {
  const response = await app.fetch("/export?symbol=BTCUSDT&interval=1h");
  const text = await response.text();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/csv; charset=utf-8; header=present");
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="BTCUSDT-1h.csv"',
  );
  assert.equal(response.headers.get("x-wick-rows"), "45");
  assert.equal(response.headers.get("x-wick-gaps"), "1");
  assert.equal(response.headers.get("vary"), "accept-encoding");
  const lines = text.trimEnd().split("\n");
  assert.equal(lines[0], KLINE_COLUMNS.join());
  assert.equal(lines.length, 46);
});

Deno.test("GET /export compresses on request, with identical content", async () => {
  const path = "/export?symbol=BTCUSDT&interval=1h";
  const plain = await (await app.fetch(path)).text();
  for (
    const [accept, coding] of [
      ["gzip", "gzip"],
      ["br, gzip;q=0.5", "br"],
      ["br;q=0.5, gzip", "gzip"],
      ["gzip, br", "br"],
      ["br;q=0, *", "gzip"],
      ["gzip;q=0.5, identity", null],
      ["*", "br"],
      ["gzip;q=0", null],
      ["identity", null],
    ] as const
  ) {
    const response = await app.fetch(path, { headers: { "accept-encoding": accept } });
    assert.equal(response.headers.get("content-encoding"), coding, accept);
    const body = coding === null ? response.body! : response.body!.pipeThrough(
      new DecompressionStream(coding === "br" ? "brotli" as CompressionFormat : coding),
    );
    assert.equal(await new Response(body).text(), plain, accept);
  }
});

Deno.test("GET /export answers 304 to its own ETag until the series changes", async () => {
  const path = "/export?symbol=OLDUSDT&interval=1d";
  const first = await app.fetch(path);
  await first.body?.cancel();
  const etag = first.headers.get("etag")!;
  const ask = (path: string, tag = etag) =>
    app.fetch(path, { headers: { "if-none-match": tag } }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    });
  assert.match(etag, /^"[0-9a-f]+"$/);
  assert.equal(await ask(path), 304);
  assert.equal(await ask(path, `"other", W/${etag}`), 304);
  assert.equal(await ask(`${path}&time=ms`), 200);
  assert.equal(await ask(`${path}&to=2020-01-02`), 200);
  await store.write({ symbol: "OLDUSDT", interval: "1d" }, klinesFrom("2020-01-04", "1d", 1), run);
  assert.equal(await ask(path), 200);
});

Deno.test("HEAD /export has the headers of GET and no body", async () => {
  const response = await app.fetch("/export?symbol=BTCUSDT&interval=1h", { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-wick-rows"), "45");
  assert.equal(await response.text(), "");
});

Deno.test("HEAD does not send a length that differs from that of GET", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.handler);
  for (const path of ["/export?symbol=BTCUSDT&interval=1h", "/api/series", "/openapi.json", "/"]) {
    const url = `http://127.0.0.1:${server.addr.port}${path}`;
    const head = await fetch(url, { method: "HEAD", redirect: "manual" });
    assert.notEqual(head.headers.get("content-length"), head.ok ? "0" : null, path);
    assert.equal(await head.text(), "");
  }
  await server.shutdown();
});

Deno.test("GET /export of a stored series without rows in the range is 200 with the header line", async () => {
  const response = await app.fetch("/export?symbol=BTCUSDT&interval=1h&from=2030-01-01");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("x-wick-rows"), "0");
  assert.equal(await response.text(), KLINE_COLUMNS.join() + "\n");
});

Deno.test("GET /export accepts offsets in times, percent-encoded", async () => {
  const range = "from=2024-01-01T02:00:00%2B02:00&to=2024-01-01T03:00:00%2B02:00";
  const response = await app.fetch(`/export?symbol=BTCUSDT&interval=1h&${range}`);
  assert.match(await response.text(), /\n2024-01-01T00:00:00\.000Z,[^\n]*\n$/);
});

Deno.test("GET /api/candles returns columns of equal length, newest last", async () => {
  const { status, body } = await json("/api/candles?symbol=BTCUSDT&interval=1h&limit=5");
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ["symbol", "interval", ...KLINE_COLUMNS]);
  for (const column of KLINE_COLUMNS) assert.equal(body[column].length, 5, column);
  assert.equal(body.open_time.at(-1), lastOpen);
  assert.equal(body.open_price.at(-1), Number(btc.at(-1)!.openPrice));
  const oldest = await json("/api/candles?symbol=BTCUSDT&interval=1h&limit=2&from=2024-01-01");
  assert.deepEqual(oldest.body.open_time, [btc[0]!.openTime, btc[1]!.openTime]);
  const tag = oldest.headers.get("etag")!;
  const again = await json("/api/candles?symbol=BTCUSDT&interval=1h&limit=2&from=2024-01-01", {
    headers: { "if-none-match": tag },
  });
  assert.equal(again.status, 304);
});

Deno.test("GET /api/series returns rows, range, gaps by class and freshness", async () => {
  const { body } = await json("/api/series");
  assert.deepEqual(body.series, [
    {
      symbol: "BTCUSDT",
      interval: "1h",
      rows: 45,
      imported: 0,
      first_open_time: btc[0]!.openTime,
      last_open_time: lastOpen,
      holes: { pending: 1 },
      freshness: "fresh",
      age_ms: 30 * MINUTE_MS,
      conflicts: 0,
      refused_files: 0,
      rollup: null,
      viewers: 0,
    },
    {
      symbol: "ETHUSDT",
      interval: "1h",
      rows: 0,
      imported: 0,
      first_open_time: null,
      last_open_time: null,
      holes: {},
      freshness: "collecting",
      age_ms: null,
      conflicts: 0,
      refused_files: 0,
      rollup: null,
      viewers: 0,
    },
    { ...body.series[2], symbol: "OLDUSDT", interval: "1d", freshness: "stale" },
  ]);
});

Deno.test("GET /api/gaps returns each gap with class and evidence", async () => {
  const path = "/api/gaps?symbol=BTCUSDT&interval=1h";
  const [from, to] = [btc[10]!.openTime, btc[13]!.openTime];
  const gap = { symbol: "BTCUSDT", interval: "1h", from, to, missing: 3, imported: 0 };
  assert.deepEqual((await json(path)).body.gaps, [
    { ...gap, class: "pending", evidence: null, checked_at: null },
  ]);
  const series = { symbol: "BTCUSDT", interval: "1h" } as const;
  await createGapLedger(db).classify(series, { from, to }, {
    class: "exchange_outage",
    evidence: {
      askedAt: parseTime("2024-01-03"),
      host: "https://x",
      asked: 2,
      others: 3,
      othersMissing: 1,
    },
  });
  const asked_at = parseTime("2024-01-03");
  assert.deepEqual((await json(path)).body.gaps, [{
    ...gap,
    class: "exchange_outage",
    evidence: { asked_at, host: "https://x", asked: 2, others: 3, others_missing: 1 },
    checked_at: asked_at,
  }]);
});

Deno.test("GET /api/market-caps is 503 with the reason while empty, then sorted by size", async () => {
  const none = await json("/api/market-caps");
  assert.equal(none.status, 503);
  assert.equal(none.body.error.code, "exchange_unavailable");
  assert.ok(Number(none.headers.get("retry-after")) > 0);
  const cap = (coin: string, symbol: string, marketCap: string) => ({
    coin,
    symbol,
    source: "coingecko",
    takenAt: app.world.serverTime - 5_000,
    price: parseDecimal("2.50"),
    circulatingSupply: parseDecimal("1000000"),
    marketCap: parseDecimal(marketCap),
  });
  await createMarketCapStore(db).save([
    cap("ethereum", "ETH", "2500000"),
    cap("bitcoin", "BTC", "9999999.99"),
  ]);
  const { body } = await json("/api/market-caps");
  assert.deepEqual(body.coins[0], {
    coin: "bitcoin",
    symbol: "BTC",
    price: 2.5,
    circulating_supply: 1_000_000,
    market_cap: 9999999.99,
    change_24h: Number(btc.at(-1)!.closePrice) / Number(btc.at(-25)!.closePrice) - 1,
    source: "coingecko",
    taken_at: app.world.serverTime - 5_000,
    age_ms: 5_000,
  });
  assert.equal(body.coins[1].coin, "ethereum");
});

Deno.test("/readyz names unavailable dependencies; /healthz is independent of them", async () => {
  const ready = await json("/readyz");
  assert.equal(ready.status, 200);
  assert.deepEqual(ready.body.series, { fresh: 1, collecting: 1, stale: 1 });
  assert.equal((await json("/healthz")).body.status, "ok");
  const { world } = app;
  const since = parseTime("2024-01-01");
  world.failing = [{
    symbol: "BTCUSDT",
    interval: "1h",
    since,
    failures: 3,
    retryAt: since,
    message: "HTTP 400",
  }];
  world.maintenance = { since, trading: 0, listed: 15 };
  const reason = "Binance cannot be reached from here: DNS lookup of a.example failed";
  world.failure = { message: reason, at: since };
  const { body } = await json("/readyz");
  assert.deepEqual(body.failing, { "BTCUSDT 1h": "HTTP 400" });
  assert.deepEqual(body.maintenance, { since: toIso(since), trading: 0, listed: 15 });
  assert.match(body.exchange, /^Binance cannot be .* failed\. wick keeps trying; `deno task demo`/);
  [world.failing, world.maintenance, world.failure] = [[], undefined, undefined];
});

Deno.test("every route rejects invalid input with 400 or 404 and the documented body, never 500", async () => {
  const held = "symbol=BTCUSDT&interval=1h";
  const ranged = ["/export", "/api/candles"];
  const cases: [string[], string, number, string][] = [
    [["/export", "/api/candles", "/api/gaps"], "", 400, "symbol"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=BTCUSDT", 400, "interval"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=btcusdt&interval=1h", 400, "symbol"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=BTC%20USDT&interval=1h", 400, "symbol"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=BTCUSDT&interval=1H", 400, "interval"],
    [["/export", "/api/candles", "/api/gaps"], `${held}&interval=1h`, 400, "interval"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=NOPEUSDT&interval=1h", 404, "symbol"],
    [["/export", "/api/candles", "/api/gaps"], "symbol=BTCUSDT&interval=1m", 404, "interval"],
    [["/export", "/api/candles", "/api/gaps"], "symbol='%3B--&interval=1h", 400, "symbol"],
    [JSON_PATHS, `${held}&x=%3Cscript%3E`, 400, "x"],
    [ranged, `${held}&from=2024-02-01&to=2024-01-01`, 400, "from"],
    [ranged, `${held}&from=2024-01-01&to=2024-01-01`, 400, "from"],
    [ranged, `${held}&from=1704067200`, 400, "from"],
    [ranged, `${held}&to=-1`, 400, "to"],
    [ranged, `${held}&to=2024-02-30`, 400, "to"],
    [ranged, `${held}&from=`, 400, "from"],
    [["/export"], `${held}&format=xlsx`, 400, "format"],
    [["/export"], `${held}&time=unix`, 400, "time"],
    [["/export"], `${held}&format=binance&time=iso`, 400, "time"],
    [["/api/candles"], `${held}&limit=5001`, 400, "limit"],
    [["/api/candles"], `${held}&limit=ten`, 400, "limit"],
  ];
  for (const [paths, query, status, param] of cases) {
    for (const path of paths) {
      const answer = await json(`${path}?${query}`);
      const wanted = path === "/api/market-caps" ? "symbol" : param;
      assert.equal(answer.status, status, `${path}?${query}`);
      assert.equal(answer.headers.get("content-type"), "application/json");
      assert.deepEqual(Object.keys(answer.body), ["error"]);
      assert.equal(answer.body.error.code, status === 400 ? "invalid_input" : "not_found");
      assert.equal(answer.body.error.param, wanted, `${path}?${query}`);
    }
  }
});

Deno.test("a configured series without candles yet is 503, not 404", async () => {
  for (const symbol of ["SOLUSDT", "ETHUSDT"]) {
    const reason = "Binance cannot be reached from here: x refused the connection";
    app.world.failure = { message: reason, at: 0 };
    const { status, body } = await json(`/export?symbol=${symbol}&interval=1h`);
    app.world.failure = undefined;
    assert.equal(status, 503, symbol);
    assert.equal(body.error.code, "exchange_unavailable");
    assert.match(
      body.error.message,
      /^Binance cannot be reached from here: x refused .* `deno task demo`/,
    );
  }
});

Deno.test("every route answers other methods with 405 and Allow", async () => {
  for (const path of [...JSON_PATHS, "/healthz", "/readyz", "/charts", "/"]) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await app.fetch(path, { method });
      await response.body?.cancel();
      assert.equal(response.status, 405, `${method} ${path}`);
      assert.equal(response.headers.get("allow"), "GET, HEAD", `${method} ${path}`);
    }
  }
});

Deno.test("an unknown path is 404: JSON for programs, a page for browsers", async () => {
  for (const path of ["/nope", "/api/nope", "/api", "/export/x", "/_fresh/js/x.js"]) {
    const { status, body } = await json(path);
    assert.equal(status, 404, path);
    assert.equal(body.error.code, "not_found");
  }
  const page = await app.fetch("/nope", { headers: { accept: "text/html,*/*" } });
  assert.equal(page.status, 404);
  assert.match(page.headers.get("content-type")!, /^text\/html/);
  await page.body?.cancel();
});

Deno.test("every response has the security headers and a request ID", async () => {
  for (const path of ["/healthz", "/api/series", "/export", "/charts", "/nope", "/styles.css"]) {
    const response = await app.fetch(path);
    await response.body?.cancel();
    const { headers } = response;
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    assert.match(headers.get("content-security-policy")!, /^default-src 'none'/, path);
    assert.doesNotMatch(headers.get("content-security-policy")!, /unsafe|upgrade-insecure/, path);
    assert.match(headers.get("x-request-id")!, /^\w+$/, path);
  }
});

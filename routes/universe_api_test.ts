import assert from "node:assert/strict";
import { parseTime, toIso } from "../lib/core/time.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { klinesFrom, marketSymbol } from "../lib/testing/klines.ts";
import { openUniverseSite } from "../lib/testing/browser/universe_site.ts";

const now = parseTime("2025-06-15T10:20:30Z");
const { app, db, store, add, close } = await openUniverseSite(now);
await add("OTHER", "BTC", ["2024-03-05T08:00", undefined, ["9.1", "0.01"]]);
Deno.test.afterAll(close);

async function get(query: string, init?: RequestInit) {
  const response = await app.fetch(`/api/universe${query}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

const namesOn = async (query: string) =>
  (await get(query)).json().symbols.map(({ symbol }: { symbol: string }) => symbol);

Deno.test("GET /api/universe lists the symbols that were traded on a day, both ends included", async () => {
  assert.deepEqual(await namesOn("?at=2017-07-13"), []);
  assert.deepEqual(await namesOn("?at=2017-07-14"), ["ETHBTC"]);
  assert.deepEqual(await namesOn("?at=2020-10-12&quote=USDT"), ["BTCUSDT", "LENDUSDT", "LUNAUSDT"]);
  assert.deepEqual(await namesOn("?at=2020-10-13&quote=USDT"), ["BTCUSDT", "LUNAUSDT"]);
  assert.deepEqual(await namesOn("?at=2022-05-20&quote=USDT"), ["AAVEUSDT", "BTCUSDT"]);
  assert.deepEqual(await namesOn("?at=2024-03-01T23:59&quote=BTC"), ["ETHBTC", "OLDBTC"]);
  assert.deepEqual(await namesOn("?quote=NONE"), []);
  assert.equal((await namesOn("")).length, 6);
});

Deno.test("GET /api/universe gives the dates of the listing on that day, with evidence", async () => {
  const { json } = await get("?at=2021-06-01T12:00Z&quote=USDT");
  const { at, symbols, pending, checked_at } = json();
  assert.deepEqual([toIso(at), pending, checked_at], ["2021-06-01T00:00:00.000Z", 0, now]);
  const luna = symbols.find(({ symbol }: { symbol: string }) => symbol === "LUNAUSDT");
  assert.deepEqual(luna, {
    symbol: "LUNAUSDT",
    base: "LUNA",
    quote: "USDT",
    listed_at: parseTime("2020-08-21T10:00"),
    delisted_at: parseTime("2022-05-13T00:40"),
    evidence: [
      { fact: "first_candle", at: parseTime("2020-08-21T10:00"), source: "exchange", detail: null },
      { fact: "last_candle", at: parseTime("2022-05-13T00:40"), source: "exchange", detail: null },
    ],
    assets_from: "exchange",
    renamed_from: null,
    renamed_to: null,
  });
});

Deno.test("GET /api/universe links known renames, and marks those that only dates and prices suggest", async () => {
  const { symbols } = (await get("?at=2020-10-20")).json();
  const aave = symbols.find(({ symbol }: { symbol: string }) => symbol === "AAVEUSDT");
  assert.deepEqual(aave.renamed_from, {
    symbol: "LENDUSDT",
    kind: "known",
    ratio: 100,
    reason: "Aave swapped its token, 2020",
  });
  const { symbols: later } = (await get("?at=2024-02-01&quote=BTC")).json();
  assert.equal(later[1].symbol, "OLDBTC");
  assert.equal(later[1].renamed_to.symbol, "FRESHBTC");
  assert.equal(later[1].renamed_to.kind, "suggested");
  assert.equal(later[1].renamed_to.ratio, 0.1);
});

Deno.test("GET /api/universe: pages, CSV, ETag and compression", async () => {
  const first = (await get("?at=2021-06-01&limit=3")).json();
  assert.equal(first.next, "ETHBTC");
  const second = (await get(`?at=2021-06-01&limit=3&after=${first.next}`)).json();
  assert.deepEqual([second.symbols.length, second.next], [2, null]);

  const { text, headers } = await get("?at=2020-10-01&quote=USDT&format=csv");
  assert.equal(headers.get("content-type"), "text/csv; charset=utf-8");
  assert.match(headers.get("content-disposition")!, /universe-2020-10-01\.csv/);
  const [head, ...lines] = text.trimEnd().split("\n");
  assert.equal(
    head,
    "symbol,base,quote,listed_at,delisted_at,evidence,assets_from,renamed_from,renamed_to",
  );
  assert.match(lines[1]!, /^LENDUSDT,LEND,USDT,2019-12-18T00:00:00.000Z,2020-10-12T08:00:00.000Z,/);
  assert.match(
    lines[1]!,
    /first_candle 2019-12-18T00:00:00.000Z exchange; last_candle .*,AAVEUSDT$/,
  );

  const etag = headers.get("etag")!;
  const again = await get("?at=2020-10-01&quote=USDT&format=csv", {
    headers: { "if-none-match": etag },
  });
  assert.equal(again.status, 304);
  const packed = await get("?at=2021-06-01", { headers: { "accept-encoding": "gzip" } });
  assert.equal(packed.headers.get("content-encoding"), "gzip");
  assert.match(packed.headers.get("vary")!, /accept-encoding/i);
});

Deno.test("GET /api/universe: invalid parameters are 400 and name the parameter", async () => {
  const cases = [
    ["?at=2025-06-16", "at", /must not be after today, which is 2025-06-15/],
    ["?at=yesterday", "at", /ISO 8601/],
    ["?at=", "at", /empty/],
    ["?at=1600000000", "at", /epoch seconds/],
    ["?quote=usdt", "quote", /asset in capitals/],
    ["?limit=0", "limit", /1 to 5000/],
    ["?day=2021-06-01", "day", /allowed are at, quote/],
  ] as const;
  for (const [query, param, message] of cases) {
    const { status, json } = await get(query);
    assert.equal(status, 400, query);
    assert.equal(json().error.param, param);
    assert.match(json().error.message, message);
  }
  assert.equal((await get("?at=2025-06-15")).status, 200);
  assert.equal((await get("", { method: "POST" })).status, 405);
});

Deno.test("GET /api/universe goes by stored candles until a symbol is looked up", async () => {
  await store.saveSymbols([marketSymbol("NEWUSDT")]);
  const run = await createRunLedger(db).start("test", "rest");
  await store.write(
    { symbol: "NEWUSDT", interval: "1d" },
    klinesFrom("2018-03-01", "1d", 3),
    run,
  );
  const { symbols, pending } = (await get("?at=2018-03-02&quote=USDT")).json();
  assert.equal(pending, 1);
  assert.deepEqual(symbols[1].evidence[0], {
    fact: "first_candle",
    at: parseTime("2018-03-01"),
    source: "stored",
    detail: null,
  });
});

Deno.test("GET /api/series names the symbol that continues a renamed one", async () => {
  const run = await createRunLedger(db).start("test", "rest");
  const old = { symbol: "LENDUSDT", interval: "1d" } as const;
  await store.write(old, klinesFrom("2020-01-01", "1d", 3), run);
  const { series } = await (await app.fetch("/api/series")).json();
  const of = (name: string) => series.find(({ symbol }: { symbol: string }) => symbol === name);
  assert.equal(of("LENDUSDT").renamed_to.symbol, "AAVEUSDT");
  assert.equal("renamed_to" in of("NEWUSDT"), false);
});

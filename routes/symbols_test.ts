import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../lib/core/time.ts";
import type { SymbolsJson } from "../lib/pages/charts/symbols/symbol_json.ts";
import { createAnswerCache } from "../lib/http/answer_cache.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { fillSymbols, listedSymbols } from "../lib/testing/listed_symbols.ts";
import { capsOf } from "../lib/testing/browser/charts_site.ts";
import { createMarketCapStore } from "../lib/store/postgres/market_caps/market_caps_postgres.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const COUNT = 3_000;
const MAX_HTML = 60_000;

const { db, url, close } = await createTestDatabase();
const symbols = listedSymbols(COUNT);
await fillSymbols(db, { symbols, newest: NOW - 10 * 60_000 - HOUR_MS });
const options = { db, url, intervals: ["1h", "4h", "1d"] as const, serverTime: NOW };
await createMarketCapStore(db).save(capsOf({}, NOW - HOUR_MS));
const app = await createTestApp({ ...options, symbols });
const few = await createTestApp({ ...options, symbols: symbols.slice(0, 10) });
Deno.test.afterAll(async () => {
  await few.close();
  await app.close();
  await close();
});

async function ask(query: string): Promise<SymbolsJson> {
  const response = await app.fetch(`/api/symbols?${query}`);
  assert.equal(response.status, 200, query);
  return await response.json();
}

const namesOf = ({ symbols }: SymbolsJson) => symbols.map(({ symbol }) => symbol);

async function htmlOf(path: string, of = app): Promise<string> {
  const response = await of.fetch(path);
  assert.equal(response.status, 200, path);
  return await response.text();
}

Deno.test("GET /charts with 9,000 series is as large as with 30, and at most 60 kB", async () => {
  const path = "/charts?symbol=BTCUSDT&interval=1h";
  const html = await htmlOf(path);
  const bytes = new TextEncoder().encode(html).length;
  assert.ok(bytes <= MAX_HTML, `${bytes} bytes`);
  const small = await htmlOf(path, few);
  assert.ok(html.length < small.length * 1.1, `${html.length} and ${small.length}`);
  assert.match(html, /href="\.\/symbols\?interval=1h">All 3,000 symbols</);
  const [first] = /<a class="symbol[^]*?<\/a>/.exec(await htmlOf("/charts?symbol=C2500USDT"))!;
  assert.match(first!, /aria-current="true"[^>]*><span class="symbol-name"><b>C2500</);
});

Deno.test("GET /charts of a series whose candles are gone says that there are none", async () => {
  assert.match(
    await htmlOf("/charts?symbol=C123USDT&interval=4h"),
    /No candles of C123USDT 4h yet/,
  );
});

Deno.test("GET /charts reads nothing that grows with the number of series", async () => {
  const statements: string[] = [];
  const counted = await createTestApp({
    ...options,
    symbols,
    answers: createAnswerCache(),
    db: {
      ...db,
      query: <Row>(sql: string, values?: readonly unknown[]) => {
        statements.push(sql);
        return db.query<Row>(sql, values);
      },
    },
  });
  try {
    await htmlOf(`/charts?symbol=${symbols[7]}&interval=1h`, counted);
    statements.length = 0;
    await htmlOf(`/charts?symbol=${symbols[8]}&interval=1h&from=2024-05-31`, counted);
    assert.ok(statements.length > 2);
    const all = statements.filter((sql) => !/\$1|from runs/.test(sql));
    assert.deepEqual(all, [], "each statement is about given symbols");
  } finally {
    await counted.close();
  }
});

Deno.test("GET /api/symbols pages through all symbols, each once", async () => {
  const seen: string[] = [];
  let next: string | null = null;
  do {
    const page: SymbolsJson = await ask(`limit=100${next === null ? "" : `&after=${next}`}`);
    assert.equal(page.total, COUNT);
    seen.push(...namesOf(page));
    next = page.next;
  } while (next !== null);
  assert.deepEqual(seen, symbols);
});

Deno.test("GET /api/symbols has prices, and null for symbols without candles", async () => {
  const { symbols: [first], next } = await ask("limit=1");
  const { price, ...own } = first!;
  assert.deepEqual(own, { symbol: "BTCUSDT", base: "BTC", quote: "USDT", name: "Bitcoin" });
  const { closes, ...rest } = price!;
  assert.deepEqual(rest, {
    last: 101,
    day_ago: 101,
    open_time: NOW - 10 * 60_000 - HOUR_MS,
    decimals: 2,
    freshness: "fresh",
  });
  assert.equal(closes.length, 25);
  assert.equal(next, "BTCUSDT");
  const { symbols: [last] } = await ask("search=c2999");
  assert.equal(last!.price, null);
});

Deno.test("GET /api/symbols finds symbols whatever their spelling, the given ones first", async () => {
  assert.deepEqual(namesOf(await ask("search=c2999/usdt")), ["C2999USDT"]);
  const found = await ask("search=C29&limit=3&first=C2950USDT,ETHUSDT,NOPE");
  assert.deepEqual(namesOf(found), ["C2950USDT", "C29USDT", "C290USDT"]);
  assert.equal(found.total, 1 + 10 + 100);
  assert.deepEqual(namesOf(await ask("limit=2&first=C77USDT")), ["C77USDT", "BTCUSDT"]);
  for (const none of ["none", "%00", "/", "%F0%9F%98%80"]) {
    const found = await ask(`search=${none}`);
    assert.deepEqual(found, { symbols: [], total: 0, next: null }, none);
  }
});

Deno.test("GET /api/symbols: invalid parameters are 400 and name the parameter", async () => {
  const cases: [string, string][] = [
    ["search=", "search"],
    [`search=${"x".repeat(41)}`, "search"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["after=a%20b", "after"],
    ["after=NOPEUSDT", "after"],
    ["search=c29&after=BTCUSDT", "after"],
    [`first=${symbols.slice(0, 61)}`, "first"],
    ["find=x", "find"],
  ];
  for (const [query, param] of cases) {
    const response = await app.fetch(`/api/symbols?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal((await response.json()).error.param, param, query);
  }
});

Deno.test("GET /symbols lists symbols in pages, whose links keep the chart's address", async () => {
  const html = await htmlOf("/symbols?interval=4h&scale=log");
  assert.equal(html.match(/<a class="symbol/g)?.length, 60);
  assert.match(html, /href="\/charts\?interval=4h&amp;scale=log&amp;symbol=BTCUSDT"/);
  assert.match(html, /name="scale" value="log"/);
  const [, more] = /rel="next" href="([^"]*)"/.exec(html)!;
  const second = await htmlOf(more!.replaceAll("&amp;", "&"));
  assert.match(second, /symbol=C60USDT"/);
  assert.doesNotMatch(second, /symbol=BTCUSDT"/);
});

Deno.test("GET /symbols?search= lists matches, and goes to the symbol that it names", async () => {
  const html = await htmlOf("/symbols?search=c29&interval=4h");
  assert.match(html, /111 symbols match “c29”/);
  assert.match(html, /value="c29"/);
  assert.match(await htmlOf("/symbols?search=zzz"), /No symbol matches “zzz”/);
  assert.match(await htmlOf("/symbols?search="), /3,000 symbols/);
  const exact = await app.fetch("/symbols?search=c29-usdt&interval=4h&scale=log");
  assert.equal(exact.status, 302);
  assert.equal(exact.headers.get("location"), "/charts?interval=4h&scale=log&symbol=C29USDT");
});

Deno.test("GET /symbols: invalid parameters are 400", async () => {
  for (const query of [`search=${"x".repeat(41)}`, "after=a%20b", "interval=7h", "scale=odd"]) {
    assert.equal((await app.fetch(`/symbols?${query}`)).status, 400, query);
  }
});

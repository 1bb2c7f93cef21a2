import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { DAY_MS, HOUR_MS } from "../lib/core/time.ts";
import { NOW, openOverviewSite, saveSnapshots } from "../lib/testing/browser/overview_site.ts";
import { createMarketCapStore } from "../lib/store/postgres/market_caps/market_caps_postgres.ts";
import { createPageApp } from "../lib/testing/page_app.ts";
import { fetchPage, type TestApp } from "../lib/testing/app.ts";

const site = await openOverviewSite();
Deno.test.afterAll(site.close);
const { app, db } = site;

const get = (path: string, on: Pick<TestApp, "fetch"> = app) => fetchPage(on, path);

const tickers = (html: string) =>
  [...html.matchAll(/<tr data-coin="[^"]*">.*?<a href="[^"]*">([A-Z]+)<\/a>/g)].map((m) => m[1]);

Deno.test("GET /markets shows a ring of ten coins with a precise title, and their table", async () => {
  const { response, html, text } = await get("/markets");
  assert.equal(response.status, 200);
  assert.match(text, /Share of these 10 coins not of the whole market/);
  assert.equal(html.match(/<path\s[^>]*class="coin-\d+" d="M/g)!.length, 10);
  assert.match(text, /\$2\.\d{3}T 10 coins/);
  assert.match(html, /<text[^>]*>BTC<\/text>/, "large slices are labelled");
  assert.doesNotMatch(html, /<text[^>]*>LINK/, "tiny ones are not");
  assert.deepEqual(tickers(html).slice(0, 2), ["BTC", "ETH"]);
  assert.match(
    text,
    /1 BTC Bitcoin 67,\d{3}\.\d\d [−+]\d+\.\d\d% 19\.7M \$1\.3\d\dT 6\d\.\d% CoinGecko, 10 m/,
  );
  assert.match(text, /Market cap = price × circulating supply/);
  assert.match(html, /Data provided by <a href="https:\/\/www\.coingecko\.com\/"/);
  assert.equal(html.match(/class="spark-line"/g)!.length, 10);
});

Deno.test("a supply missing from recent snapshots is flagged, kept, and counted", async () => {
  const { text } = await get("/markets");
  assert.match(text, /9 of 10 supplies fresh/);
  assert.match(text, /TRX TRON .* ⚠ supply 6 h 10 m old CoinGecko, cap derived 10 m/);
});

Deno.test("a coin without data is listed as such, and the title counts the others", async () => {
  const own = await createPageApp({
    symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
    intervals: ["1h"],
    now: NOW,
  });
  const none = await get("/markets", own);
  await own.saveCaps([
    {
      coin: "bitcoin",
      symbol: "BTC",
      price: parseDecimal("67000.5"),
      circulatingSupply: parseDecimal("19700000"),
      marketCap: parseDecimal("1319909850000"),
      source: "coinmarketcap",
      takenAt: NOW - HOUR_MS,
    } as unknown as Parameters<typeof own.saveCaps>[0][0],
  ]);
  const one = await get("/markets", own);
  await own.close();
  assert.equal(none.response.status, 200);
  assert.match(none.text, /No data yet No market-cap provider has responded yet/);
  assert.match(none.text, /No history yet: there is no snapshot of market caps/);
  assert.match(one.text, /Share of 1 of 3 coins/);
  assert.match(one.text, /– ETH Ethereum no data – – – – excluded from the total/);
  assert.match(one.text, /Data provided by CoinMarketCap/);
  assert.doesNotMatch(one.text, /CoinGecko/);
});

Deno.test("columns are sorted by links, coins without a value last", async () => {
  const byCoin = await get("/markets?sort=coin");
  assert.deepEqual(tickers(byCoin.html).slice(0, 3), ["ADA", "AVAX", "BNB"]);
  assert.match(
    byCoin.html,
    /<th scope="col" aria-sort="ascending"><a href="\.\/markets\?order=desc&amp;sort=coin#coins">Coin/,
  );
  const cheapest = await get("/markets?sort=price&order=asc");
  assert.deepEqual(tickers(cheapest.html).slice(0, 3), ["TRX", "DOGE", "ADA"]);
  assert.match(
    cheapest.html,
    /aria-sort="ascending"><a href="\.\/markets\?sort=price#coins">Price/,
  );
});

Deno.test("bars instead of the ring have a URL", async () => {
  const { html, text } = await get("/markets?view=bars");
  assert.match(html, /<a href="\.\/markets" title="Shares as a ring">Pie/);
  assert.equal(html.match(/<li[^>]* data-coin=/g)!.length, 10);
  assert.match(text, /Total \$2\.\d{3}T BTC 6\d\.\d%/);
  assert.doesNotMatch(html, /class="donut"/);
});

Deno.test("the treemap has one labelled link per coin, in the colour of its change", async () => {
  const { html, text } = await get("/markets?view=treemap");
  assert.match(html, /<a href="\.\/markets" title="Shares as a ring">Pie/);
  const cells = [...html.matchAll(/<a href="([^"]*)" aria-label="([^"]*)" data-coin="([^"]*)">/g)];
  assert.equal(cells.length, 20, "ten coins in two pictures");
  const [, href, label, coin] = cells[0]!;
  assert.equal(href, "/charts?interval=1h&amp;symbol=BTCUSDT");
  assert.equal(coin, "bitcoin");
  assert.match(
    label!,
    /^BTC [+−]\d+\.\d\d% \$1\.\d{3}T: change in 24 h and market cap, 6\d\.\d% of/,
  );
  assert.match(html, /<rect class="heat-(up|down)-\d" width="100%"/);
  assert.match(html, /<text[^>]*>BTC [▲▼] <\/text><text[^>]*>[+−]\d+\.\d\d% <\/text>/);
  assert.match(text, /below −5% −5 to −2% −2 to −0\.5% ±0\.5%/, "a legend");
  assert.equal(tickers(html).length, 10, "the table stays");
  const { coins } = await (await app.fetch("/api/market-caps")).json();
  assert.ok(coins.every(({ change_24h }: { change_24h: number }) => Number.isFinite(change_24h)));
});

Deno.test("history is drawn, summarised as text, and marked where it is derived", async () => {
  const { html, text } = await get("/markets");
  assert.equal(html.match(/class="stack-area coin-\d+" d="M/g)!.length, 10);
  assert.match(text, /derived ?: first known supply × stored closes/);
  assert.match(text, /From \$\S+T on 2024-05-02 to \$\S+T \([+−]\d+\.\d\d%\); highest/);
  assert.match(text, /Snapshots since 2024-05-20 01:00 UTC; earlier values are derived/);
  const week = await get("/markets?range=7d");
  assert.doesNotMatch(week.text, /derived ?: first/);
  assert.match(week.text, /one point every 2 h/);
  assert.match((await get("/markets?range=all")).text, /on 2023-04-\d\d to/);
});

Deno.test("a gap in the snapshots is a gap in the history", async () => {
  await db.query("delete from market_caps where taken_at between $1 and $2", [
    new Date(NOW - 3 * DAY_MS).toISOString(),
    new Date(NOW - 2 * DAY_MS).toISOString(),
  ]);
  const { html, text } = await get("/markets?range=7d");
  assert.match(text, /\d+ of 8\d points are unknown/);
  assert.equal(/class="stack-area coin-1" d="([^"]*)"/.exec(html)![1]!.match(/M/g)!.length, 2);
  await saveSnapshots(db, Array.from({ length: 25 }, (_, i) => NOW - 3 * DAY_MS + i * HOUR_MS));
});

Deno.test("GET /api/market-caps?format=csv has the stored digits, largest first", async () => {
  const response = await app.fetch("/api/market-caps?format=csv");
  assert.equal(response.headers.get("content-type"), "text/csv; charset=utf-8");
  const [header, first, ...rest] = (await response.text()).trimEnd().split("\n");
  assert.equal(header, "coin,symbol,price,circulating_supply,market_cap,source,taken_at");
  assert.match(
    first!,
    /^bitcoin,BTC,67\d{3}\.\d\d,19700000,\d+\.\d+,coingecko,2024-06-01T00:00:00.000Z$/,
  );
  assert.equal(rest.length, 9);
});

Deno.test("GET /api/market-caps/history returns columns, or CSV that marks derived values", async () => {
  const { times, coins } = await (await app.fetch("/api/market-caps/history?range=90d")).json();
  assert.equal(times.at(-1), NOW);
  assert.equal(coins.length, 10);
  for (const coin of coins) assert.equal(coin.market_cap.length, times.length);
  const csv = await (await app.fetch("/api/market-caps/history?range=90d&format=csv")).text();
  const lines = csv.trimEnd().split("\n");
  assert.equal(lines[0], "time,coin,symbol,market_cap,is_derived");
  assert.match(lines[1]!, /^2024-03-\d\dT00:00:00.000Z,bitcoin,BTC,\d+(\.\d+)?,1$/);
  assert.match(csv, /\n2024-06-01T00:10:00.000Z,bitcoin,BTC,\d+(\.\d+)?,0\n/);
  for (const query of ["range=2y", "format=xml", "surprise=1"]) {
    const response = await app.fetch(`/api/market-caps/history?${query}`);
    assert.equal(response.status, 400, query);
    await response.body?.cancel();
  }
});

Deno.test("prices and market caps are given in another asset, with its rate and source", async () => {
  await createMarketCapStore(db).saveRates([
    { asset: "EUR", usd: 1.25, source: "coingecko", takenAt: NOW - HOUR_MS },
    { asset: "GBP", usd: 1.3, source: "coingecko", takenAt: NOW - 3 * DAY_MS },
  ]);
  const { coins: dollars } = await (await app.fetch("/api/market-caps")).json();
  const euros = await (await app.fetch("/api/market-caps?quote=EUR")).json();
  assert.deepEqual([euros.quote, euros.rate], [
    "EUR",
    { usd: 1.25, source: "coingecko", taken_at: NOW - HOUR_MS },
  ]);
  assert.equal(euros.coins[0].market_cap, dollars[0].market_cap / 1.25);
  assert.equal(euros.coins[0].change_24h, dollars[0].change_24h);
  const csv = await (await app.fetch("/api/market-caps?quote=EUR&format=csv")).text();
  assert.match(csv, /^coin,symbol,price,.*,taken_at,quote\nbitcoin,BTC,5\d{4}\.\d+,.*,EUR\n/);

  const { html, text } = await get("/markets?view=treemap&quote=EUR");
  assert.match(
    text,
    /Prices and market caps in EUR: 1 EUR = \$1\.2500, from CoinGecko, 2024-05-31/,
  );
  assert.match(text, /Price, EUR/);
  assert.match(text, /\$?1\.06\dT\s?EUR/u);
  assert.match(html, /<input\s+type="hidden" name="view" value="treemap"\/?>/);
  assert.match(html, /<option\s+value="EUR" selected>/);
  assert.doesNotMatch(html, /value="GBP"/, "its rate is too old");
  assert.match(html, /href="\.\/markets\?quote=EUR" title="Shares as a ring"/);
  const inBitcoin = await (await app.fetch("/api/market-caps?quote=BTC")).json();
  assert.equal(inBitcoin.rate.source, "BTCUSDT", "a collected market comes first");
  assert.match((await get("/markets?quote=USDC")).text, /1 USDC counts as 1 US dollar/);
  assert.match((await get("/markets?quote=BTC")).text, /2 ETH Ethereum 0\.05\d{3} /);
  for (const quote of ["XYZ", "GBP", "U"]) {
    const { error } = await (await app.fetch(`/api/market-caps?quote=${quote}`)).json();
    assert.match(error.message, /no exchange rate to US dollars/, quote);
  }
  for (const quote of ["XYZ", "GBP", "eur", ""]) {
    const response = await app.fetch(`/api/market-caps?quote=${quote}`);
    assert.equal(response.status, 400, quote);
    assert.equal((await response.json()).error.param, "quote");
  }
});

Deno.test("GET /markets names the invalid parameter", async () => {
  for (
    const [query, param] of [["view=3d", "view"], ["range=2y", "range"], [
      "sort=luck",
      "sort",
    ]] as const
  ) {
    const { response, text } = await get(`/markets?${query}`);
    assert.equal(response.status, 400, query);
    assert.match(text, new RegExp(`parameter ${param} request`), query);
  }
  assert.equal((await get("/markets?utm_source=x")).response.status, 200);
  assert.equal((await get("/markets?refresh=60")).response.headers.get("refresh"), "60");
});

Deno.test("pages have no inline style, and all of their URLs have the base path", async () => {
  const based = await createPageApp({
    symbols: ["BTCUSDT"],
    intervals: ["1h"],
    now: NOW,
    basePath: "/wick",
  });
  for (const path of ["/markets", "/markets?view=bars", "/status", "/status?strip=90d"]) {
    const { html, response } = await get(path, based);
    assert.equal(response.status, 200);
    assert.doesNotMatch(html, / style=|<style|javascript:| on[a-z]+="/, path);
    const addresses = [...html.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map((m) => m[1]!);
    const wrong = addresses.filter((address) => !/^(\/wick\/|\.\/|#|https:)/.test(address));
    assert.deepEqual(wrong, [], path);
  }
  await based.close();
});

Deno.test("GET /markets lists looked-up coins, and configured symbols without a market cap", async () => {
  const symbols = ["POLUSDT", "BTCEUR", "EURUSDT", "NOPEUSDT"];
  const own = await createPageApp({ symbols, intervals: ["1h"], now: NOW });
  const waiting = await get("/markets", own);
  const lookup = {
    multiplier: 1,
    coinMarketCapId: undefined,
    provider: "coingecko",
    checkedAt: NOW,
  };
  await own.saveCoins([
    {
      ticker: "POL",
      id: "polygon-ecosystem-token",
      name: "POL (ex-MATIC)",
      rank: 57,
      candidates: 3,
      ...lookup,
    },
    { ticker: "NOPE", id: undefined, name: undefined, rank: undefined, candidates: 0, ...lookup },
  ]);
  const { text } = await get("/markets", own);
  const caps = await own.fetch("/api/market-caps");
  await own.close();
  assert.match(waiting.text, /3 coins, .* No market cap: POL \(not looked up yet\), EUR/);
  assert.match(
    text,
    /Resolved by rank: POL is POL \(ex-MATIC\) \(polygon-ecosystem-token, rank 57, the largest of 3 coins\)\. /,
  );
  assert.match(
    text,
    /No market cap: EUR \(a currency, not a coin\), NOPE \(CoinGecko lists no such coin\)\./,
  );
  assert.equal(caps.status, 503, "no snapshot yet");
});

Deno.test("GET /markets of symbols without any coin says so, and the API returns an empty list", async () => {
  const own = await createPageApp({ symbols: ["EURUSDT"], intervals: ["1h"], now: NOW });
  const { response, text } = await get("/markets", own);
  const caps = await own.fetch("/api/market-caps");
  const body = await caps.json();
  await own.close();
  assert.equal(response.status, 200);
  assert.match(text, /None of the configured symbols has a base asset with a market cap/);
  assert.doesNotMatch(text, /No provider/);
  assert.deepEqual(body, { coins: [] });
});

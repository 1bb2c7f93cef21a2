import assert from "node:assert/strict";
import { parseTime } from "../lib/core/time.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { countStatements } from "../lib/testing/database/count_statements.ts";
import { fillManySeries, manySymbols } from "../lib/testing/many_series.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const NOW = parseTime("2026-06-01T00:10Z");
const INTERVALS = ["1h", "4h", "1d"] as const;
const SYMBOLS = manySymbols(3_000);

const { db, url, close } = await createTestDatabase();
await fillManySeries(db, { symbols: SYMBOLS, intervals: INTERVALS, now: NOW });
const counted = countStatements(db);
const app = await createTestApp({
  db: counted.db,
  url,
  symbols: SYMBOLS,
  intervals: INTERVALS,
  serverTime: NOW,
});
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

async function get(path: string) {
  counted.reset();
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  const text = html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  assert.equal(response.status, 200, path);
  return { html, text, elements: html.match(/<[a-z]/g)!.length, statements: counted.count() };
}

Deno.test("/status of 9,000 series stays small, whatever it lists", async () => {
  for (
    const path of [
      "/status",
      "/status?series=300",
      "/status?strip=90d",
      "/status?freshness=stale&sort=coverage",
      "/status?quote=EUR&interval=1h&sort=gaps",
      "/status?class=pending",
      "/status?class=exchange_outage&begin=2026-04-22T00:00Z",
      "/status?q=c29&status=BREAK",
    ]
  ) {
    const { html, elements, statements } = await get(path);
    const size = new TextEncoder().encode(html).length;
    assert.ok(size <= 150_000, `${path}: ${size} bytes`);
    assert.ok(elements < 3_000, `${path}: ${elements} elements`);
    assert.ok(statements <= 20, `${path}: ${statements} statements`);
  }
});

Deno.test("/status summarises 9,000 series, and lists those of the filter", async () => {
  const { text } = await get("/status");
  assert.match(text, /90 of 9,000 stale, 90 of 9,000 late, 9 of 9,000 collecting/);
  assert.match(text, /All 9,000 fresh [\d,]+ late 90 stale 90 collecting 9 not trading [\d,]+/);
  assert.match(text, /Previous 1–30 of 9,000 Page of 300 Go Next/);
  const stale = await get("/status?freshness=stale&quote=BTC&interval=1h");
  assert.match(stale.text, /Series 0 of 9,000 match .* No series match the filter\. All series/);
  const own = await get("/status?freshness=stale&interval=1h");
  assert.match(own.text, /Series 30 of 9,000 match/);
  assert.doesNotMatch(own.html, /<b>C0000USDT/);
  assert.match(own.text, /C0001USDT since [\d-]+ 1h .* stale/);
});

Deno.test("/status lists an outage of 2,997 series once", async () => {
  const { text, html } = await get("/status");
  assert.match(text, /2,997 of 3,000 symbols 1h 5,994 2026-04-22 00:00 to 02:00 2 h/);
  const [, href] = /href="\.([^"]*begin=2026-04-22T00:00Z[^"]*)"/.exec(html)!;
  const members = await get(href!.replaceAll("&amp;", "&").split("#")[0]!);
  assert.match(members.text, /that begin 2026-04-22 00:00 UTC, 1–25 of 2,997/);
});

interface SeriesAnswer {
  readonly series: readonly { readonly symbol: string; readonly interval: string }[];
  readonly next?: string | null;
}

async function list(query: string): Promise<SeriesAnswer & { readonly link: string | null }> {
  counted.reset();
  const response = await app.fetch(`/api/series${query}`);
  assert.equal(response.status, 200, query);
  return { ...await response.json(), link: response.headers.get("link") };
}

Deno.test("/api/series returns all series, compressed, or pages of them", async () => {
  const response = await app.fetch("/api/series", { headers: { "accept-encoding": "gzip" } });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  const packed = (await response.bytes()).length;
  assert.ok(packed < 250_000, `${packed} bytes`);
  const all = await list("");
  assert.equal(all.series.length, 9_000);
  assert.deepEqual([all.next, all.link], [undefined, null]);
  const found: string[] = [];
  let query = "?limit=4000&interval=1h,4h,1d";
  for (let page = 0; page < 3; page++) {
    const { series, next, link } = await list(query);
    assert.ok(counted.count() <= 12, `${counted.count()} statements`);
    found.push(...series.map(({ symbol, interval }) => `${symbol} ${interval}`));
    const isLast = page === 2;
    assert.equal(series.length, isLast ? 1_000 : 4_000);
    assert.equal(next === null, isLast);
    assert.equal(
      link,
      isLast
        ? null
        : `<series?limit=4000&interval=1h,4h,1d&after=${encodeURIComponent(next!)}>; rel="next"`,
    );
    query = `?limit=4000&interval=1h,4h,1d&after=${next}`;
  }
  assert.deepEqual(found, all.series.map(({ symbol, interval }) => `${symbol} ${interval}`));
});

Deno.test("/api/series selects by symbol, interval, quote asset and freshness", async () => {
  const names = async (query: string) =>
    (await list(query)).series.map(({ symbol, interval }) => `${symbol} ${interval}`);
  assert.deepEqual(await names("?symbol=C0004USDC,C0000USDT&interval=4h"), [
    "C0000USDT 4h",
    "C0004USDC 4h",
  ]);
  assert.equal((await names("?quote=EUR&interval=1d")).length, 300);
  assert.equal((await names("?freshness=collecting")).length, 9);
  assert.equal((await names("?freshness=collecting,late&interval=1h")).length, 3 + 30);
  for (const path of ["/api/series", "/metrics"]) {
    const gone = await app.fetch(`${path}?symbol=C0000USDT,GONEUSDT`);
    const { error } = await gone.json();
    assert.deepEqual([gone.status, error.code, error.param], [404, "not_found", "symbol"], path);
  }
  const page = await app.fetch("/status?symbol=GONEUSDT");
  assert.equal(page.status, 404);
  assert.match(await page.text(), /Cannot find symbol GONEUSDT: it is not collected/);
  for (const query of ["limit=0", "after=x", "freshness=idle", "quote=usdt", "page=2", "symbol="]) {
    const response = await app.fetch(`/api/series?${query}`);
    const { error } = await response.json();
    assert.deepEqual([response.status, error.param], [400, query.split("=")[0]], query);
  }
});

async function scrape(query: string, headers: Record<string, string> = {}) {
  const response = await app.fetch(`/metrics${query}`, { headers });
  assert.equal(response.status, 200, query);
  return { response, text: await response.text() };
}

Deno.test("/metrics of 9,000 series is whole by default, compressed, and small on request", async () => {
  const packed = await app.fetch("/metrics", { headers: { "accept-encoding": "gzip" } });
  assert.equal(packed.headers.get("content-encoding"), "gzip");
  const bytes = await packed.bytes();
  assert.ok(bytes.length < 600_000, `${bytes.length} bytes`);
  const { text, response } = await scrape("");
  assert.equal(response.headers.get("content-encoding"), null);
  assert.equal(text.match(/^wick_series_rows\{/gm)!.length, 9_000);
  assert.equal(text.match(/^wick_series_holes\{/gm)!.length, 36_000);
  assert.match(text, /^wick_series\{interval="1h",freshness="late",status="TRADING"\} 30$/m);
  assert.match(text, /^wick_gaps\{interval="1h",class="exchange_outage"\} 59940$/m);
  const totals = (await scrape("?per_series=0")).text;
  assert.ok(totals.length < 20_000, `${totals.length} characters`);
  assert.match(totals, /^wick_candles\{interval="4h"\} \d+$/m);
  const some = (await scrape("?symbol=C0000USDT,C0003BTC&interval=1h,4h")).text;
  assert.equal(some.match(/^wick_series_rows\{/gm)!.length, 4);
  const named = (await scrape("?name[]=wick_series_stale&name%5B%5D=wick_up")).text;
  assert.deepEqual([...new Set(named.match(/^[a-z_]+/gm))], ["wick_up", "wick_series_stale"]);
});

Deno.test("/metrics names an invalid parameter", async () => {
  for (const query of ["per_series=2", "name[]=a-b", "name[]=", "interval=7h", "series=1"]) {
    const response = await app.fetch(`/metrics?${query}`);
    const { error } = await response.json();
    assert.deepEqual([response.status, error.param], [400, query.split("=")[0]], query);
  }
});

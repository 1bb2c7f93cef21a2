import assert from "node:assert/strict";
import { HOUR_MS, MINUTE_MS, parseTime } from "../lib/core/time.ts";
import { NOW, openOverviewSite } from "../lib/testing/browser/overview_site.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { moment } from "../lib/testing/metric_moment.ts";
import { createPageApp } from "../lib/testing/page_app.ts";
import { createTestApp, fetchPage, type TestApp } from "../lib/testing/app.ts";
import { createTestDatabase, silent } from "../lib/testing/database/postgres.ts";
import { openTcpRelay } from "../lib/testing/database/tcp_relay.ts";
import { createRunLedger } from "../lib/store/postgres/status/runs_postgres.ts";
import { openDatabase } from "../lib/store/postgres/connection/database.ts";

const site = await openOverviewSite();
Deno.test.afterAll(site.close);
const { app, db } = site;

const get = (path: string, on: Pick<TestApp, "fetch"> = app) => fetchPage(on, path);

/** Text of a part of the page. */
function part(html: string, id: string): string {
  const start = html.indexOf(`id="${id}"`);
  const end = html.indexOf("data-live", html.indexOf("data-live", start) + 9);
  return html.slice(start, end).replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

Deno.test("GET /status summarises the freshness of all series in one line", async () => {
  const { response, html, text } = await get("/status");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("refresh"), null, "nothing reloads under a reader");
  assert.match(html, /<title>All 30 series fresh · Status · wick<\/title>/);
  assert.match(text, /Complete series 28 of 30 2 incomplete/);
  assert.match(text, /Newest closed 00:00 UTC stored 6 s later/);
  assert.match(text, /Candles 15,976 in 30 series/);
  assert.match(text, /12 ranges 4 candles pending/);
});

Deno.test("the headline counts late, stale and collecting series", async () => {
  app.world.serverTime = NOW + 65 * MINUTE_MS;
  assert.match(part((await get("/status")).html, "headline"), /10 of 30 late/);
  app.world.serverTime = NOW + 130 * MINUTE_MS;
  assert.match(part((await get("/status")).html, "headline"), /10 of 30 stale/);
  app.world.serverTime = NOW;
  const empty = await createPageApp({ symbols: ["BTCUSDT"], intervals: ["1h", "4h"], now: NOW });
  const { response, html, text } = await get("/status", empty);
  await empty.close();
  assert.equal(response.status, 200);
  assert.match(part(html, "headline"), /2 of 2 collecting/);
  assert.match(text, /No gaps: every stored series is complete/);
  assert.match(text, /first candle not known yet/);
});

Deno.test("a failing series is listed with its reason and next attempt; a maintenance is a banner", async () => {
  assert.doesNotMatch((await get("/status")).text, /Failing series|maintenance/);
  app.world.failing = [{
    symbol: "ADAUSDT",
    interval: "4h",
    since: NOW - HOUR_MS,
    failures: 4,
    retryAt: NOW + 8 * MINUTE_MS,
    message: "Cannot get x: HTTP 400 (code -1100)",
  }];
  app.world.maintenance = { since: NOW - HOUR_MS, trading: 3, listed: 120 };
  const { html, text } = await get("/status");
  assert.match(part(html, "failing"), /ADAUSDT 4h Cannot get x: HTTP 400 \(code -1100\) .* 4 /);
  assert.match(
    text,
    /Binance has been under maintenance since .* UTC 3 of 120 symbols are trading/,
  );
  app.world.failing = [];
  app.world.maintenance = undefined;
});

Deno.test("every series has coverage, gaps, its last run and its lag, without scripts", async () => {
  const { html } = await get("/status");
  assert.match(part(html, "coverage"), /BTCUSDT .* 1h 99.14% 694 candles 4 pending/);
  assert.match(part(html, "coverage"), /AVAXUSDT .* 1h 61.94% 700 candles fresh/);
  const figures = part(html, "series");
  assert.match(
    figures,
    /ETHUSDT 1h fresh 2024-05-02 20:00 2024-06-01 00:00 694 700 99.14% 6 exchange outage collect 1 6 s/,
  );
  assert.match(html, /aria-label="ETHUSDT 1h: exchange outages [^"]*2024-05-/);
  assert.match(html, /aria-label="AVAXUSDT 1h: not collected yet 2024-04-\d\d to 2024-\d\d-\d\d"/);
});

Deno.test("the strips show the last 90 days by day on request", async () => {
  const { html } = await get("/status?strip=90d");
  assert.match(html, /viewBox="0 0 90 10"/);
  assert.match(part(html, "coverage"), /2024-03-04 to now/);
  assert.match(
    html,
    /aria-label="ETHUSDT 1h: exchange outages 2024-05-31, 2024-05-22, 2024-05-12"/,
  );
  assert.match(html, /aria-label="XRPUSDT 1d: complete"/);
});

Deno.test("gaps are listed with class, reason, evidence and next check, and can be filtered", async () => {
  const all = part((await get("/status")).html, "gaps");
  assert.match(all, /newest first, 1–5 of 5/);
  assert.match(
    all,
    /All 1h 4h 1d All classes exchange outage pending .* 3 of 10 symbols 1h 6 2024-05-31 21:00 to 23:00 2 h exchange outage The exchange has no candles: requested 3 times, last 2024-05-31 04:10; also missing for 3 of 9 other symbols \(in one of the series\) in 6 d 4 h/,
  );
  assert.match(all, /pending Missing here; refetch pending next repair/);
  const some = part((await get("/status?symbol=BTCUSDT&class=pending")).html, "gaps");
  assert.match(some, /1–2 of 2/);
  assert.match(some, /BTCUSDT 1h 2 2024-05-31 21:00 to 23:00 2 h pending/);
  assert.doesNotMatch(some, /ETHUSDT 1h|has no candles/);
  assert.match((await get("/status?interval=4h")).text, /No gaps match the filter\. All gaps/);
});

Deno.test("an outage is listed once, and links to the series that it hits", async () => {
  const { html } = await get("/status?class=exchange_outage");
  assert.match(part(html, "gaps"), /1–3 of 3/);
  const [, href] = /href="([^"]*begin=[^"]*)">4 of 10 symbols/.exec(html)!;
  const members = await get(href!.slice(1).replaceAll("&amp;", "&").split("#")[0]!);
  const text = part(members.html, "gaps");
  assert.match(text, /that begin 2024-05-12 11:00 UTC, 1–4 of 4, filtered .* All times/);
  assert.match(text, /BNBUSDT 1h 2 2024-05-12 11:00 .* ETHUSDT 1h 2 2024-05-12 11:00/);
  await db.query(
    `insert into gaps select symbol_id, '4h', t, t + interval '4 hours', 1, 'exchange_outage'
     from symbols, lateral (select timestamptz '2024-04-01 12:00Z' as t) v`,
  );
  const all = part((await get("/status?interval=4h")).html, "gaps");
  const own = part((await get("/status?interval=4h&symbol=ETHUSDT")).html, "gaps");
  await db.query("delete from gaps where interval = '4h'");
  assert.match(all, /1–1 of 1, .* all 10 symbols 4h 10 2024-04-01 12:00 to 16:00 4 h/);
  assert.match(own, /ETHUSDT 4h 1 2024-04-01 12:00/);
});

Deno.test("thousands of gaps are paged", async () => {
  await db.query(
    `insert into gaps select symbol_id, '1d', t, t + interval '1 day', 1, 'delisted'
     from symbols, generate_series('2001-01-01'::timestamptz, '2003-01-01', '2 days') t
     where symbol = 'LINKUSDT'`,
  );
  const first = await get("/status?symbol=LINKUSDT");
  assert.match(part(first.html, "gaps"), /1–25 of 366, .*2003-01-01 00:00 to 2003-01-02 00:00/);
  assert.match(first.html, /href="\.\/status\?page=2&amp;symbol=LINKUSDT#gaps">Older/);
  const last = await get("/status?symbol=LINKUSDT&page=15");
  assert.match(part(last.html, "gaps"), /351–366 of 366/);
  assert.doesNotMatch(last.html, /href="[^"]*page=16/);
  const behind = await get("/status?symbol=LINKUSDT&page=99");
  assert.deepEqual([behind.response.status], [200]);
  assert.match(behind.text, /There is no page 99; the last one is page 15 \. All gaps/);
  await db.query("delete from gaps where class = 'delisted'");
});

Deno.test("revised candles and conflicts show old and new values, digit by digit", async () => {
  const { html } = await get("/status");
  const revised = part(html, "restated");
  assert.match(revised, /Revised candles 3, newest first/);
  assert.match(
    revised,
    /BTCUSDT 1h 2024-05-30 18:00 volume old \S+\.50000000 new 77.25000000 number of trades old \d+ new 8123 2024-05-31 19:10 the API, repair 2/,
  );
  assert.match(
    part(html, "conflicts"),
    /SOLUSDT 1h .* number of trades stored 8123 the other source 8124 .* a monthly archive file, import 3/,
  );
  const behind = await get("/status?restated=2");
  assert.match(part(behind.html, "restated"), /Newer/);
});

Deno.test("rejected archive files are listed with the reason and their run", async () => {
  assert.match(part((await get("/status")).html, "refused"), /Rejected archive files none/);
  const series = { symbol: "BTCUSDT", interval: "1h" } as const;
  const reason = "Cannot read BTCUSDT-1h-2020-01: its SHA-256 is another";
  await createRunLedger(db).refuse(1, series, { name: "BTCUSDT-1h-2020-01", reason });
  const refused = part((await get("/status")).html, "refused");
  assert.match(refused, /Rejected archive files 1, newest first; replaced by the API/);
  assert.match(refused, /BTCUSDT-1h-2020-01 Cannot read .* its SHA-256 is another \d{4}-\d\d.* 1/);
  const { series: all } = await (await app.fetch("/api/series")).json();
  const own = all.find((one: typeof series) => one.symbol === "BTCUSDT" && one.interval === "1h");
  assert.deepEqual([own.refused_files, own.conflicts], [1, 0]);
});

Deno.test("runs are listed with their results and outcome", async () => {
  const runs = part((await get("/status")).html, "runs");
  assert.match(runs, /12 collect 2024-06-01 00:00 2\.1 s 30 30 0 0 3 23 ok/);
  assert.match(runs, /9 market-caps .* failed Cannot get market caps from coingecko: HTTP 429/);
  assert.match(runs, /11 repair .* skipped: running on another instance/);
  assert.match(runs, /7 repair .* BTCUSDT-1h.csv taken for spot: it has a header line/);
  const before = part((await get("/status?before=4")).html, "runs");
  assert.match(before, /before run 4/);
  assert.doesNotMatch(before, /market-caps/);
});

Deno.test("the exchange's weight, bans, hosts and failures are described", async () => {
  const calm = await get("/status");
  assert.match(
    part(calm.html, "weight"),
    /412 of 6,000 this minute .* No ban: requests are allowed/,
  );
  assert.match(part(calm.html, "hosts"), /data-api.binance.vision/);
  const before = { ...app.world };
  app.world.budget = {
    ...before.budget,
    ban: { until: parseTime("2024-06-01T14:05Z"), reason: "418" },
  };
  app.world.hosts = [
    {
      origin: "https://data-api.binance.vision",
      failure: { message: "HTTP 502", at: NOW - MINUTE_MS },
      restsUntil: NOW + 4 * MINUTE_MS,
    },
    { origin: "https://api.binance.com", failure: undefined, restsUntil: undefined },
  ];
  const { html } = await get("/status");
  Object.assign(app.world, before);
  assert.match(part(html, "weight"), /Rate-limited by Binance until 14:05 UTC \(HTTP 418\)/);
  const hosts = part(html, "hosts");
  assert.match(hosts, /rests 4 m data-api.binance.vision last failure 1 m ago: HTTP 502/);
  assert.match(hosts, /standby api.binance.com/);
});

Deno.test("the reason of an outage appears once on the page", async () => {
  app.world.failure = { message: "Binance cannot be reached from here: no route", at: NOW - 5000 };
  const { html } = await get("/status");
  app.world.failure = undefined;
  assert.equal(html.match(/no route/gi)?.length, 1);
});

Deno.test("remaining history is given in candles, requests, weight and time", async () => {
  const { html } = await get("/status");
  const backfill = part(html, "backfill");
  assert.match(backfill, /434 candles Cost 2 requests, weight 4 Time .* under a minute/);
  assert.match(backfill, /AVAXUSDT 1h 61.94%/);
});

Deno.test("remaining history in archive files is given in files, and recent history in requests", async () => {
  const minutes = await createPageApp({ symbols: ["BTCUSDT"], intervals: ["1m"], now: NOW });
  await minutes.addKlines("BTCUSDT", "1m", klinesFrom("2024-05-31T20:00Z", "1m", 240));
  await minutes.saveListedAt("BTCUSDT", "1m", parseTime("2024-02-15"));
  const backfill = part((await get("/status", minutes)).html, "backfill");
  await minutes.close();
  // Months up to the end of April from files; 30 days and 20 hours of May from the API.
  assert.match(
    backfill,
    /153,840 candles Cost 3 archive files, 45 requests, weight 90 Time/,
  );
});

Deno.test("storage is listed by interval, with KV, the disk and versions", async () => {
  const { html } = await get("/status");
  const storage = html.slice(html.indexOf('id="storage"')).replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
  assert.match(storage, /candles 1h 6,976 rows [\d.]+ (MB|kB)/);
  assert.match(storage, /gaps, runs, revisions, caps [\d.]+ (MB|kB)/);
  assert.match(storage, /Deno KV 41 keys, 18.0 kB Free disk space 82.0 GB of 250.0 GB/);
  assert.match(storage, /PostgreSQL \d+\.\d+, up .* Version wick \d+\.\d+\.\d+, Deno/);
  app.world.machine = { ...app.world.machine, disk: undefined, kv: { error: "KV is locked" } };
  const without = await get("/status");
  assert.match(without.text, /Deno KV KV is locked PostgreSQL/);
});

Deno.test("GET /status reloads itself on request, with a link to stop", async () => {
  const { response, html } = await get("/status?refresh=30");
  assert.equal(response.headers.get("refresh"), "30");
  assert.match(html, /href="\.\/status"[^>]*>.*?Pause refresh/);
  assert.match(
    (await get("/status")).html,
    /href="\.\/status\?refresh=30"[^>]*>.*?Refresh every 30 s/,
  );
});

Deno.test("GET /status names the invalid parameter", async () => {
  for (
    const [query, param] of [
      ["class=mine", "class"],
      ["page=0", "page"],
      ["page=1e3", "page"],
      ["interval=7m", "interval"],
      ["symbol=btc", "symbol"],
      ["before=99999999999", "before"],
      ["refresh=1", "refresh"],
      ["strip=1y", "strip"],
      ["page=1&page=2", "page"],
    ] as const
  ) {
    const { response, text } = await get(`/status?${query}`);
    assert.equal(response.status, 400, query);
    assert.match(text, new RegExp(`parameter ${param} request`), query);
  }
  assert.equal((await get("/status?utm_source=x")).response.status, 200);
});

Deno.test("a stored symbol that is not configured does not count as late", async () => {
  await db.query(
    "insert into symbols (symbol, base_asset, quote_asset, status) values ('OLDUSDT', 'OLD', 'USDT', 'BREAK')",
  );
  await db.query(
    `insert into series select symbol_id, '1d', 1, 3, $1, $1 from symbols where symbol = 'OLDUSDT'`,
    [new Date(NOW - 900 * HOUR_MS).toISOString()],
  );
  const { html } = await get("/status");
  const { text } = await get("/status?freshness=left");
  await db.query(
    "delete from series where symbol_id = (select symbol_id from symbols where symbol = 'OLDUSDT')",
  );
  assert.match(part(html, "headline"), /All 30 series fresh/);
  assert.match(text, /1 of 31 match .* OLDUSDT .*not collected/);
});

Deno.test("without its database /status is a 503 page with the reason that recovers automatically", async () => {
  const own = await createTestDatabase();
  const relay = openTcpRelay(Number(new URL(own.url).port));
  const url = own.url.replace(/:\d+\//, `:${relay.port}/`);
  const db = openDatabase({ url, log: silent, idleTimeoutMs: 0 });
  const series = { symbols: ["BTCUSDT"], intervals: ["1h"] } as const;
  const cutOff = await createTestApp({ ...series, db, url, serverTime: NOW });
  relay.cut();
  const broken = await get("/status", cutOff);
  relay.mend();
  const mended = await get("/status", cutOff);
  await cutOff.close();
  await db.close();
  relay.cut();
  await own.close();
  assert.equal(broken.response.status, 503);
  assert.ok(Number(broken.response.headers.get("refresh")) > 0);
  assert.match(broken.text, /The database is unavailable/);
  assert.match(broken.html, /<a class="button button-main" href="\/status"[^>]*>Try again/);
  assert.equal(mended.response.status, 200);
});

Deno.test("GET /status shows candle streams with their weight per candle, when there are any", async () => {
  assert.doesNotMatch((await get("/status")).html, /id="streams"/);
  app.world.streams = { ...moment.streams!, since: NOW - HOUR_MS };
  const { html } = await get("/status");
  app.world.streams = undefined;
  const card = part(html, "streams");
  assert.match(card, /1,100 series at 1m/);
  assert.match(card, /1 of 2 connections broken; REST fetches what is missed/);
  assert.match(card, /from streams 990 in 1 h/);
  assert.match(card, /by REST instead 10/);
  assert.match(card, /Weight per closed candle 0\.0080 \(8 in all\)/);
  assert.match(card, /Repeated by REST 400, 1 corrected/);
  assert.match(card, /Refused events 3/);
});

import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../lib/core/time.ts";
import { createTestApp } from "../lib/testing/app.ts";
import { fillSymbols, listedSymbols } from "../lib/testing/listed_symbols.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const { db, url, close } = await createTestDatabase();
const symbols = listedSymbols(100);
await fillSymbols(db, { symbols, newest: NOW - 10 * 60_000 - HOUR_MS });
const app = await createTestApp({ db, url, symbols, intervals: ["1h"], serverTime: NOW });
Deno.test.afterAll(async () => {
  await app.close();
  await close();
});

/** As browsers navigate. */
const NAVIGATION = "text/html,application/xhtml+xml,*/*;q=0.8";

async function post(query: string, headers: Record<string, string> = {}) {
  const response = await app.fetch(`/star${query}`, {
    method: "POST",
    redirect: "manual",
    headers: { accept: NAVIGATION, ...headers },
  });
  const text = await response.text();
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  return { status: response.status, location: response.headers.get("location"), cookie, text };
}

async function get(path: string, cookie = "", accept = NAVIGATION) {
  const response = await app.fetch(path, { headers: { cookie, accept } });
  assert.equal(response.status, 200, path);
  const html = await response.text();
  const list = /<nav class="card symbols"[^]*?<\/nav>/.exec(html)?.[0] ?? html;
  const names = [...list.matchAll(/<a class="symbol[^>]*href="[^"]*symbol=([^"&]+)/g)];
  return { html, names: names.map(([, name]) => name), headers: response.headers };
}

Deno.test("POST /star sets the cookie and leads back to the page with its address", async () => {
  const referer = "https://wick.test/charts?symbol=BTCUSDT&scale=log";
  const first = await post("?add=C40USDT", { referer });
  assert.deepEqual([first.status, first.location], [303, "/charts?symbol=BTCUSDT&scale=log"]);
  assert.equal(first.cookie, "wick-favourites=C40USDT");
  const second = await post("?add=ETHUSDT", { cookie: first.cookie! });
  assert.deepEqual([second.cookie, second.location], [
    "wick-favourites=C40USDT~ETHUSDT",
    "/charts",
  ]);
  const third = await post("?remove=C40USDT", {
    cookie: second.cookie!,
    referer: "http://x/symbols?after=BTCUSDT",
  });
  assert.deepEqual([third.cookie, third.location], [
    "wick-favourites=ETHUSDT",
    "/symbols?after=BTCUSDT",
  ]);
  const last = await post("?remove=ETHUSDT", {
    cookie: third.cookie!,
    referer: "//evil.example/charts",
  });
  assert.deepEqual([last.cookie, last.location], ["wick-favourites=", "/charts"]);
});

Deno.test("POST /star drops symbols that are no longer collected, and names the maximum", async () => {
  const gone = await post("?add=ETHUSDT", { cookie: "wick-favourites=GONEUSDT~BTCUSDT" });
  assert.equal(gone.cookie, "wick-favourites=BTCUSDT~ETHUSDT");
  const cookie = `wick-favourites=${symbols.slice(0, 50).join("~")}`;
  const full = await post(`?add=${symbols[60]}`, { cookie });
  assert.equal(full.status, 400);
  assert.match(full.text, /there are 50, the maximum. Remove one first/);
  assert.equal((await post(`?add=${symbols[3]}`, { cookie })).status, 303, "is among them");
});

Deno.test("POST /star answers invalid requests with 400, 404 or 405", async () => {
  const cases: [string, number][] = [
    ["", 400],
    ["?add=", 400],
    ["?add=btcusdt", 400],
    ["?add=NOPEUSDT", 404],
    ["?add=BTCUSDT&add=ETHUSDT", 400],
    ["?symbol=BTCUSDT", 400],
  ];
  for (const [query, status] of cases) {
    const answer = await post(query);
    assert.deepEqual([answer.status, answer.cookie], [status, undefined], query);
  }
  const other = await post("?add=BTCUSDT", { "sec-fetch-site": "cross-site" });
  assert.deepEqual([other.status, other.cookie], [400, undefined]);
  // Browsers send `Sec-Fetch-Site` over HTTPS only.
  const forged = await post("?add=BTCUSDT", { origin: "http://evil.example" });
  assert.deepEqual([forged.status, forged.cookie], [400, undefined]);
  const sandboxed = await post("?add=BTCUSDT", { origin: "null" });
  assert.equal(sandboxed.status, 400);
  assert.equal((await post("?add=BTCUSDT", { origin: "http://wick.test" })).status, 303);
  const read = await app.fetch("/star?add=BTCUSDT");
  await read.body?.cancel();
  assert.deepEqual([read.status, read.headers.get("allow")], [405, "POST"]);
});

Deno.test("favourites come first on /charts and /symbols, then the symbols by volume", async () => {
  const cookie = "wick-favourites=C40USDT~GONEUSDT~ETHUSDT";
  const own = await get("/charts?symbol=BTCUSDT", cookie);
  assert.deepEqual(own.names.slice(0, 4), ["C40USDT", "ETHUSDT", "BTCUSDT", symbols[2]]);
  assert.equal(own.names.length, 10);
  assert.ok(/<optgroup label="Favourites"><option\s+value="C40USDT"/.test(own.html));
  const pressed = own.html.match(/aria-label="Favourite [^"]*" aria-pressed="true"/g)!;
  assert.equal(new Set(pressed).size, 2);
  const shown = await get("/charts?symbol=C77USDT", cookie);
  assert.deepEqual(shown.names.slice(0, 4), ["C40USDT", "ETHUSDT", "C77USDT", "BTCUSDT"]);
  const page = await get("/symbols", cookie);
  assert.deepEqual(page.names.slice(0, 3), ["C40USDT", "ETHUSDT", "BTCUSDT"]);
  const [, more] = /rel="next" href="([^"]*)"/.exec(page.html)!;
  const { names } = await get(more!.replaceAll("&amp;", "&"), cookie);
  assert.equal(new Set([...page.names, ...names]).size, symbols.length);
  const last = page.names.at(-1);
  const starred = await get(`/symbols?after=${last}`, `${cookie}~${last}`);
  assert.deepEqual(starred.names, names, "a star for the last symbol does not repeat the page");
});

Deno.test("a page with favourites is for one reader, and pages without are shared", async () => {
  const path = "/charts?symbol=ETHUSDT";
  const cookie = "wick-favourites=C50USDT";
  const [own, plain, other] = await Promise.all([
    get(path, cookie),
    get(path),
    get(path, "wick-favourites=C51USDT"),
  ]);
  assert.deepEqual([own.names[0], plain.names[0], other.names[0]], [
    "C50USDT",
    "BTCUSDT",
    "C51USDT",
  ]);
  assert.equal(own.headers.get("cache-control"), "private, no-cache");
  assert.match(own.headers.get("vary")!, /cookie/);
  assert.equal(plain.headers.get("cache-control"), "no-cache");
  assert.ok(!/C5[01]USDT/.test(plain.html));
  const refreshed = await get(path, cookie, "text/html");
  assert.ok(refreshed.html === plain.html, "scripts share one page for its live parts");
  assert.equal((await get(path, cookie)).names[0], "C50USDT", "its response is not used again");
  const status = await app.fetch("/status", { headers: { cookie, accept: NAVIGATION } });
  await status.body?.cancel();
  assert.doesNotMatch(status.headers.get("cache-control") ?? "", /private/);
});

Deno.test("a hostile cookie changes nothing", async () => {
  const plain = await get("/charts?symbol=ETHUSDT");
  for (const value of ["%", "<script>~'\"", "~".repeat(5_000), "constructor~__proto__~NOPEUSDT"]) {
    const { names, html } = await get("/charts?symbol=ETHUSDT", `wick-favourites=${value}`);
    assert.deepEqual(names, plain.names, value.slice(0, 20));
    assert.ok(!html.includes("<script>~"));
  }
});

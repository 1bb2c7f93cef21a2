import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { endOf, shiftOpen } from "../lib/core/interval.ts";
import { parseTime } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp, type PageApp } from "../lib/testing/page_app.ts";

const now = parseTime("2024-06-01T00:10Z");
const app = await createPageApp({
  symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"],
  intervals: ["1h", "4h", "1d"],
  now,
});
Deno.test.afterAll(() => app.close());

const hours = klinesFrom(shiftOpen(parseTime("2024-06-01"), "1h", -700), "1h", 700);
await app.addKlines("BTCUSDT", "1h", hours.filter((_, i) => i < 600 || i >= 605));
await app.addKlines("BTCUSDT", "1d", klinesFrom("2022-01-01", "1d", 882));
await app.addKlines("ETHUSDT", "1h", hours.slice(-30));

const browser = { accept: "text/html,application/xhtml+xml" };

async function get(path: string, { on = app, headers = {} }: {
  on?: PageApp;
  headers?: Record<string, string>;
} = {}) {
  const request = new Request(`http://wick.test${path}`, { headers: { ...browser, ...headers } });
  const response = await on.handler(request);
  const html = await response.text();
  return { response, html, text: html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ") };
}

const count = (html: string, part: RegExp) => html.match(part)?.length ?? 0;

Deno.test("GET /charts shows the newest candles of the first series, by default", async () => {
  const { response, html, text } = await get("/charts");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(html, /<title>BTC\/USDT 1h · wick<\/title>/);
  assert.match(text, /300 closed candles, 5 missing/);
  assert.equal(count(html, /<tr><th scope="row">/g), 20);
  assert.equal(count(html, /<table>/g), 1);
  assert.match(html, /class="body-up"><path[^>]* d="M/);
  assert.match(text, /Fresh · last closed 00:00 UTC/);
});

Deno.test("GET /charts links every symbol and interval, and the CSV of the range and of the whole series", async () => {
  const { html } = await get("/charts?symbol=ETHUSDT&interval=1h");
  for (const symbol of ["BTCUSDT", "ETHUSDT", "SOLUSDT"]) {
    assert.ok(html.includes(`href="./charts?interval=1h&amp;symbol=${symbol}"`), symbol);
  }
  for (const interval of ["1h", "4h", "1d"]) {
    assert.ok(html.includes(`href="./charts?interval=${interval}&amp;symbol=ETHUSDT"`), interval);
  }
  const from = "2024-05-30T18:00Z";
  const exports = [...html.matchAll(/href="(\/export[^"]*)"/g)].map((match) => match[1]);
  const visible =
    `/export?symbol=ETHUSDT&amp;interval=1h&amp;from=${from}&amp;to=2024-06-01T00:00Z`;
  assert.deepEqual(exports, [visible, "/export?symbol=ETHUSDT&amp;interval=1h", visible]);
  const csv = await get(exports[0]!.replaceAll("&amp;", "&"));
  assert.equal(csv.html.trim().split("\n").length, 1 + 30);
});

Deno.test("GET /charts marks one symbol, one interval and no other link as current", async () => {
  const { html } = await get("/charts?symbol=ETHUSDT&interval=1h");
  const current = [...html.matchAll(/<a [^>]*aria-current[^>]*>/g)].map(([tag]) =>
    /href="([^"]*)"/.exec(tag)![1]
  );
  assert.deepEqual([...new Set(current)], [
    "/charts",
    "./charts?interval=1h&amp;symbol=ETHUSDT",
  ]);
  const parts = "brand, page, theme, symbol, interval, clock, type, colours, candles";
  assert.equal(current.length, 9, parts);
});

Deno.test("GET /charts of a range shows that range, and says that it is frozen", async () => {
  const { text, html } = await get("/charts?from=2024-05-20&to=2024-05-21T12:00");
  assert.match(text, /From 2024-05-20 00:00 UTC to 2024-05-21 11:00 UTC/);
  assert.match(text, /36 closed candles, none missing/);
  assert.match(text, /Frozen view · to 2024-05-21 12:00/);
  assert.match(
    html,
    /rel="canonical" href="\/charts\?from=2024-05-20T00:00Z&amp;interval=1h&amp;symbol=BTCUSDT&amp;to=2024-05-21T12:00Z"/,
  );
});

Deno.test("GET /charts draws long ranges as fewer bars and counts every candle in its summary", async () => {
  const { text, html } = await get("/charts?interval=1d&from=2022-01-01");
  assert.match(text, /882 closed candles, none missing\. Drawn as 442 bars of 2 candles each/);
  assert.match(html, /CSV<small>882 rows/);
});

Deno.test("GET /charts of an empty range keeps its layout and links to stored candles", async () => {
  const { response, text, html } = await get("/charts?from=2016-01-01&to=2016-02-01");
  assert.equal(response.status, 200);
  assert.match(text, /No candles between 2016-01-01 00:00 UTC and 2016-02-01 00:00 UTC/);
  assert.match(
    text,
    /This range has no candles. BTCUSDT 1h has 695 candles, from 2024-05-02 20:00 UTC to 2024-05-31 23:00 UTC/,
  );
  const nearest = /class="button button-main" href="\.([^"]*)"/.exec(html)![1]!;
  assert.match((await get(nearest.replaceAll("&amp;", "&"))).text, /From 2024-05-02 20:00 UTC to/);
  assert.match(html, /class="button" href="\.\/charts\?interval=1h&amp;symbol=BTCUSDT"/);
});

Deno.test("GET /charts with an invalid parameter is a 400 page that names it", async () => {
  for (
    const [query, param, words] of [
      ["interval=7m", "interval", "7m"],
      ["symbol=btcusdt", "symbol", "btcusdt"],
      ["from=yesterday", "from", "yesterday"],
      ["from=2024-02-01&to=2024-01-01", "from", "must lie before to"],
      ["interval=1h&interval=4h", "interval", "more than once"],
    ] as const
  ) {
    const { response, text, html } = await get(`/charts?${query}`);
    assert.equal(response.status, 400, query);
    assert.match(text, new RegExp(`parameter ${param} request`), query);
    assert.ok(text.includes(words), `${query}: ${words}`);
    assert.match(html, /<link rel="stylesheet"/);
    assert.match(html, /href="\/charts\?interval=1h&amp;symbol=BTCUSDT"/, "a chart that works");
  }
});

Deno.test("GET /charts ignores unknown parameters and answers unknown symbols with 404", async () => {
  assert.equal((await get("/charts?utm_source=x")).response.status, 200);
  const { response, text } = await get("/charts?symbol=NOPEUSDT&interval=1h");
  assert.equal(response.status, 404);
  assert.match(text, /Not found/);
});

Deno.test("GET /charts without stored candles is a 503 page with the reason, and without one once the series is open", async () => {
  const collecting = await get("/charts?symbol=SOLUSDT");
  assert.equal(collecting.response.status, 503);
  assert.match(collecting.text, /its collection is starting/);
  const reason = "Binance cannot be reached from here: DNS lookup of a.example failed";
  app.world.failure = { message: reason, at: now };
  const failing = await get("/charts?symbol=SOLUSDT");
  assert.equal(failing.response.status, 503);
  assert.match(
    failing.text,
    /No candles to show yet Binance cannot be reached from here: /,
  );
  assert.match(
    failing.text,
    /a\.example failed\. wick keeps trying; deno task demo shows it with/,
  );
  assert.equal(failing.text.split("DNS lookup").length, 2, "the reason once");
  const stored = await get("/charts");
  app.world.failure = undefined;
  assert.equal(stored.response.status, 200);
  assert.match(
    stored.text,
    /Binance cannot be reached from here DNS lookup of a\.example failed\. wick keeps trying/,
  );
  assert.match(stored.text, /Offline · last closed 00:00 UTC/);
  await app.addKlines("SOLUSDT", "1h", []);
  const opened = await get("/charts?symbol=SOLUSDT");
  assert.equal(opened.response.status, 200);
  assert.equal(opened.response.headers.get("refresh"), "5");
  assert.match(opened.text, /No candles of SOLUSDT 1h yet/);
});

Deno.test("pages show that data are simulated, error pages too", async () => {
  assert.doesNotMatch((await get("/charts")).text, /Simulated data/);
  app.world.simulated = "seed 42";
  for (const path of ["/charts", "/charts?interval=7m", "/nowhere"]) {
    assert.match((await get(path)).text, /Simulated data .*seed 42/, path);
  }
  app.world.simulated = undefined;
});

Deno.test("GET /charts badge ages with the exchange's clock", async () => {
  app.world.serverTime = parseTime("2024-06-01T01:30Z");
  const late = await get("/charts");
  app.world.serverTime = parseTime("2024-06-01T03:12Z");
  const stale = await get("/charts");
  app.world.serverTime = now;
  assert.match(late.text, /Late · 1 h 30 m/);
  assert.match(stale.text, /Stale · 3 h 12 m/);
});

Deno.test("pages have no inline style, and only scripts with a hash in the policy", async () => {
  for (const path of ["/charts", "/charts?interval=7m"]) {
    const { response, html } = await get(path);
    assert.doesNotMatch(html, / style=|<style|javascript:| on[a-z]+="|nonce/, path);
    const policy = response.headers.get("content-security-policy")!;
    assert.doesNotMatch(policy, /unsafe|nonce/);
    const scripts = [...html.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, code]) =>
      `'sha256-${createHash("sha256").update(code!).digest("base64")}'`
    );
    assert.match(policy, /; script-src 'self'/);
    assert.deepEqual(policy.match(/'sha256-[^']+'/g) ?? [], scripts, path);
    assert.equal(scripts.length, 1);
  }
});

Deno.test("GET /charts gives the same bytes and policy to concurrent requests", async () => {
  const [a, b] = await Promise.all([get("/charts?symbol=BTCUSDT"), get("/charts?symbol=BTCUSDT")]);
  assert.equal(a.html, b.html);
  assert.deepEqual(
    a.response.headers.get("content-security-policy"),
    b.response.headers.get("content-security-policy"),
  );
});

Deno.test("pages start in the theme of the cookie", async () => {
  assert.match((await get("/charts")).html, /<html lang="en">/);
  const { html } = await get("/charts", { headers: { cookie: "wick-theme=dark" } });
  assert.match(html, /<html lang="en" data-theme="dark">/);
  assert.match(html, /<input[^>]*id="theme-dark"[^>]*checked/);
});

Deno.test("GET / redirects to the charts; HEAD is GET without a body, POST is rejected", async () => {
  const { response } = await get("/");
  assert.deepEqual([response.status, response.headers.get("location")], [302, "/charts"]);
  const head = await app.handler(new Request("http://wick.test/charts", { method: "HEAD" }));
  assert.deepEqual([head.status, await head.text()], [200, ""]);
  const post = await app.handler(new Request("http://wick.test/charts", { method: "POST" }));
  assert.deepEqual([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});

Deno.test("below a base path every URL of a page has it, or is relative", async () => {
  const based = await createPageApp({
    symbols: ["BTCUSDT"],
    intervals: ["1h"],
    now: endOf(hours.at(-1)!.openTime, "1h"),
    basePath: "/wick",
  });
  await based.addKlines("BTCUSDT", "1h", hours.slice(-50));
  const index = await get("/wick", { on: based });
  assert.equal(index.response.headers.get("location"), "/wick/charts");
  for (const path of ["/wick/charts", "/wick/charts?interval=7m"]) {
    const { html } = await get(path, { on: based });
    const addresses = [...html.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map((match) =>
      match[1]!
    );
    const wrong = addresses.filter((address) => !/^(\/wick\/|\.\/|#|https:)/.test(address));
    assert.deepEqual(wrong, [], path);
    const file = addresses.find((address) => address.includes("styles.css"))!;
    const css = await get(file, { on: based });
    assert.equal(css.response.status, 200);
    assert.match(css.response.headers.get("cache-control")!, /immutable/);
    const small = await get(file, { on: based, headers: { "accept-encoding": "gzip" } });
    assert.equal(small.response.headers.get("content-encoding"), "gzip");
    const plain = { on: based, headers: { "accept-encoding": "gzip;q=0" } };
    assert.equal((await get(file, plain)).html, css.html);
  }
  await based.close();
});

Deno.test("GET /charts preloads its style sheets, and no script before the page is parsed", async () => {
  const response = await app.fetch("/charts", { headers: { accept: "text/html" } });
  const html = await response.text();
  const styles = [...html.matchAll(/<link rel="stylesheet"[^>]* href="([^"]+)"/g)]
    .map(([, href]) => href!);
  const fetched = response.headers.get("link")!.split(", ").map((link) =>
    /^<([^>]+)>; rel="preload"; as="style"$/.exec(link)?.[1] ?? link
  );
  assert.equal(styles.length, 3);
  assert.deepEqual(fetched.toSorted(), styles.toSorted());
});

Deno.test("GET /charts: the marker for the first paint follows the candles", async () => {
  const response = await app.fetch("/charts", { headers: { accept: "text/html" } });
  const html = await response.text();
  const link = /<link rel="expect"[^>]*>/.exec(html)![0];
  assert.match(link, /blocking="render"/);
  const id = /href="#([^"]+)"/.exec(link)![1]!;
  assert.ok(html.indexOf(`id="${id}"`) > html.lastIndexOf("body-up"));
});

import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { shiftOpen } from "../lib/core/interval.ts";
import type { Kline } from "../lib/core/kline.ts";
import { CHART_TYPES } from "../lib/core/chart_address.ts";
import { parseTime } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

const now = parseTime("2024-06-01T00:10Z");
const app = await createPageApp({ symbols: ["BTCUSDT"], intervals: ["1h", "4h", "1d"], now });
Deno.test.afterAll(() => app.close());

const first = shiftOpen(parseTime("2024-06-01"), "1h", -1200);
/** Quote volumes that match the candles' prices. */
const paid = (kline: Kline): Kline => ({
  ...kline,
  quoteAssetVolume: parseDecimal((Number(kline.volume) * Number(kline.closePrice)).toFixed(2)),
});
await app.addKlines("BTCUSDT", "1h", klinesFrom(first, "1h", 1200).map(paid));
await app.addKlines("BTCUSDT", "4h", klinesFrom("2024-04-12", "4h", 300));
await app.addKlines("BTCUSDT", "1d", klinesFrom("2024-04-12", "1d", 50));

async function get(path: string) {
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  return { response, html, text: html.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ") };
}

const unescaped = (href: string) => href.replaceAll("&amp;", "&");

Deno.test("GET /charts draws overlays from the first visible candle on, and RSI in its own pane", async () => {
  const { html, text } = await get("/charts?overlays=sma20,bb20,vwap,rsi14");
  const picture = /picture-wide.*?<svg class="axis/s.exec(html)![0];
  const lines = [...picture.matchAll(/class="study study-(\d) study-(\w+)" d="M([\d.]+) /g)];
  assert.deepEqual(lines.map(([, index, part]) => `${index} ${part}`), [
    "1 value",
    "2 upper",
    "2 lower",
    "3 value",
    "4 value",
  ], "the middle of the bands is the mean that is drawn already");
  const begins = lines.filter(([, , part]) => part === "value").map(([, , , x]) => x);
  assert.deepEqual(begins, [".42", ".42", ".42"], "warmed up by candles before the first");
  assert.match(picture, /rsi-level/);
  assert.match(text, /SMA 20 4,\d{3}\.\d+ .*RSI 14 \d\d\.\d/);
  assert.doesNotMatch((await get("/charts")).html, /class="studies"|rsi-level/);
});

Deno.test("GET /charts has a link to remove each overlay, and one to add each", async () => {
  const { html } = await get("/charts?overlays=sma20,ema50");
  const remove = /href="([^"]*)" aria-label="Remove SMA 20"/.exec(html)![1]!;
  assert.match(unescaped(remove), /overlays=ema50&/);
  assert.match(html, /href="[^"]*overlays=sma20,ema50,rsi14&amp;/);
  const value = /<input[^>]*name="overlays"[^>]*>/.exec(html)![0];
  assert.match(value, /value="sma20,ema50"/);
});

Deno.test("GET /charts uses a logarithmic price axis on request", async () => {
  const [linear, log] = [await get("/charts"), await get("/charts?scale=log")];
  const bodies = (html: string) => /class="body-up"><path[^>]* d="([^"]*)"/.exec(html)![1];
  assert.notEqual(bodies(linear.html), bodies(log.html));
  assert.match(log.html, /href="[^"]*" title="Switch to a linear scale" aria-current="true"/);
});

Deno.test("GET /charts passes colours, candles and theme to the stylesheet", async () => {
  const root = async (query: string) =>
    /<html[^>]*>/.exec((await get(`/charts?${query}`)).html)![0];
  assert.equal(await root(""), '<html lang="en">');
  assert.equal(
    await root("theme=dark&colors=blue&candles=hollow"),
    '<html lang="en" data-theme="dark" data-palette="blue" data-candles="hollow">',
  );
});

Deno.test("GET /charts uses a longer interval for more than 500 candles, says so, and can be pinned", async () => {
  const { html, text } = await get(`/charts?from=${first}`);
  assert.match(text, /4h \(auto\)/);
  assert.match(text, /300 closed candles, none missing/);
  assert.match(html, /<title>BTC\/USDT 4h · wick<\/title>/);
  const pin = /href="\.([^"]*pin=1[^"]*)"[^>]*title="Keep 1h/.exec(html)![1]!;
  const pinned = await get(unescaped(pin));
  assert.match(pinned.text, /1,200 closed candles, none missing\. Drawn as 400 bars of 3/);
  assert.doesNotMatch(pinned.text, /\(auto\)/);
});

Deno.test("GET /charts draws each type differently, with the exchange's candles in table and text", async () => {
  const pages = new Map<string, string>();
  for (const type of CHART_TYPES) {
    const { html } = await get(`/charts?overlays=sma20&type=${type}`);
    const picture = /picture-wide.*?<svg class="axis/s.exec(html)![0];
    pages.set(picture.replace(/.*?<svg class="(?:marks|price-lines)/s, ""), html);
    const sma = /class="study study-1 study-value" d="([^"]*)"/.exec(picture)![1]!;
    assert.ok(sma.length > 100, `${type} has its overlay`);
    assert.match(html, new RegExp(`<a href="[^"]*&amp;type=line[^"]*"`));
  }
  assert.equal(pages.size, CHART_TYPES.length);
  const facts = (html: string) =>
    [/<tbody id="table-rows".*?<\/tbody>/s, /<p id="chart-summary".*?<\/p>/s, /Proof: .*?<\/code>/]
      .map((part) => part.exec(html)![0].replaceAll(/(href|data-facts)="[^"]*"/g, ""));
  const [candles, ...others] = [...pages.values()].map(facts);
  for (const other of others) assert.deepEqual(other, candles);
});

Deno.test("GET /charts?type=heikin says so at the chart, in the readout and in the text", async () => {
  const { html, text } = await get("/charts?type=heikin");
  assert.match(html, /role="img" aria-label="Heikin-Ashi chart of BTC\/USDT, 1h, 300 candles"/);
  assert.match(html, /<div class="readout"><time[^>]*>[^<]*(<!--[^>]*>)*<i>Heikin-Ashi<\/i>/);
  assert.match(text, /Table, text and files have the exchange&#39;s candles/);
  assert.doesNotMatch((await get("/charts?type=hollow")).text, /have the exchange&#39;s candles/);
});

Deno.test("GET /charts with an unknown type is 400 and names the types", async () => {
  const { response, text } = await get("/charts?type=renko");
  assert.equal(response.status, 400);
  assert.match(
    text,
    /type.*must be one of candles, hollow, bars, heikin, line, area, baseline/,
  );
});

Deno.test("GET /charts: every link of the page keeps its look", async () => {
  const look =
    "candles=hollow&colors=blue&overlays=ema50&scale=log&theme=dark&type=heikin&tz=local";
  const { html } = await get(`/charts?${look}&symbol=BTCUSDT&interval=1h&from=2024-05-20`);
  const hrefs = [...html.matchAll(/href="\.\/charts\?([^"]*)"/g)].map(([, query]) =>
    new URLSearchParams(unescaped(query!))
  );
  const lost = Object.entries(Object.fromEntries(new URLSearchParams(look))).map((
    [name, value],
  ) => [name, hrefs.filter((query) => query.get(name) !== value).length]);
  assert.ok(hrefs.length > 20);
  // Only the choice itself changes: three fills, three colours, five overlays and their chips, ….
  for (const [name, count] of lost) assert.ok(Number(count) <= 6, `${name} is lost ${count} times`);
  const forms = [...html.matchAll(/<form[^>]*action="\.\/(?:charts|symbols)".*?<\/form>/gs)].map((
    [form],
  ) => form);
  assert.equal(forms.length, 5, "search, symbol, dates, overlays, history");
  for (const form of forms) assert.match(form, /name="scale" value="log"/);
});

Deno.test("GET /charts pages its table, each candle on one page", async () => {
  const times: string[] = [];
  let next: string | undefined = "/charts?interval=4h";
  while (next !== undefined) {
    const { html }: { html: string } = await get(next);
    times.push(...[...html.matchAll(/<tr><th scope="row">([^<]*)/g)].map(([, time]) => time!));
    const older: RegExpExecArray | null = /href="\.([^"]*)#table" rel="next"/.exec(html);
    next = older ? unescaped(older[1]!) : undefined;
  }
  assert.equal(times.length, 300);
  assert.deepEqual(times, [...new Set(times)].sort().reverse());
});

Deno.test("GET /charts shows the checksum of its CSV", async () => {
  const { html, text } = await get("/charts?from=2024-05-20&to=2024-05-22");
  const [, rows, digest] = /Proof: (\d+) rows, SHA-256 ([0-9a-f ]{67})/.exec(text)!;
  const csv = /<a href="([^"]*)" download>CSV of this view/.exec(html)![1]!;
  const bytes = await (await app.fetch(unescaped(csv))).bytes();
  const wanted = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  assert.deepEqual([rows, digest!.replaceAll(" ", "")], ["48", wanted]);
});

Deno.test("GET /charts shows the origin of every candle", async () => {
  const { html, text } = await get("/charts");
  assert.match(text, /Closed\. REST, stored [\d :-]+, never revised/);
  assert.equal(html.match(/<td>REST, stored/g)?.length, 20);
});

Deno.test("GET /charts shows the session of VWAP as it is computed", async () => {
  const hint = (text: string) =>
    /VWAP volume-weighted mean price, restarts ([^A-Z]*[A-Z]*)/.exec(text)![1]!.trim();
  assert.equal(hint((await get("/charts")).text), "at 00:00 UTC");
  const { html, text } = await get("/charts?interval=1d&overlays=vwap");
  assert.equal(hint(text), "on the 1st, UTC");
  assert.match(html, /<li[^>]*title="volume-weighted mean price, restarts on the 1st, UTC">/);
});

Deno.test("GET /charts?tz=local without script says that times stay in UTC", async () => {
  const note = /<noscript><p[^>]*>Times are in UTC: without JavaScript/;
  assert.match((await get("/charts?tz=local")).html, note);
  assert.doesNotMatch((await get("/charts")).html, note);
});

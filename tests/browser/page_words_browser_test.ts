import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { HOUR_MS } from "../../lib/core/time.ts";
import { minuteText } from "../../lib/core/text/time_text.ts";
import {
  browserTest,
  openPage,
  PHONE,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { LAST, NOW, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klineAt, toRow } from "../../lib/testing/klines.ts";
import { watchShifts } from "../../lib/testing/browser/layout_shifts.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, live, origin } = site;

/** Tall enough that every part of the page is visible, so that movement would be noticed. */
const TALL = { viewport: { width: 1440, height: 3200 } };
const NEXT = LAST + HOUR_MS;

const decimal = parseDecimal;
const moving = (close: string) =>
  toRow(klineAt(NEXT, "1h", {
    openPrice: decimal("4500.00"),
    highPrice: decimal("4700.00"),
    lowPrice: decimal("4400.00"),
    closePrice: decimal(close),
  }));

async function open(page: Page, query: string): Promise<void> {
  live.drop();
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

const rowsOf = (page: Page) =>
  page.locator("#table-rows th").evaluateAll((all) => all.map((one) => one.textContent));

browserTest("headline, legend and table show the newest candle of the stream", async () => {
  await using watched = await openPage(browser, TALL);
  const { page } = watched;
  const shifts = await watchShifts(page);
  await open(page, "interval=1h&overlays=sma20&symbol=BTCUSDT");
  const sma = await textOf(page, ".chip b");
  const stored = await rowsOf(page);
  live.send("tick", moving("4600.25"));
  await untilText(page, ".price strong", "4,600.25000000");
  await untilText(page, ".symbol[aria-current] .symbol-price > span", "4,600.25000000");
  await untilText(page, "#table-newest th", "2024-06-01 00:00");
  await untilText(page, "#table-newest td:nth-child(5)", "4,600.25000000");
  assert.match(
    await textOf(page, "#table-newest"),
    /\+2\.23% .* open: stored once it has closed ?$/,
  );
  const down = await textOf(page, ".price .delta");
  live.send("tick", moving("4999.75"));
  await untilText(page, ".price strong", "4,999.75000000");
  assert.notEqual(await textOf(page, ".price .delta"), down);

  live.send("close", moving("4700.50"));
  await untilText(page, "#table-newest", /^2024-06-01 00:00 .* closed: not stored yet ?$/);
  await untilText(page, "#table-newest td:nth-child(5)", "4,700.50000000");
  assert.deepEqual(await rowsOf(page), stored, "the server's rows are left alone");
  await untilText(page, ".chip b", new RegExp(`^(?!${RegExp.escape(sma)}$)`));
  await untilText(page, ".readout-time", "2024-06-01 00:00 UTC");

  await app.addKlines("BTCUSDT", "1h", [klineAt(NEXT, "1h")]);
  app.world.serverTime = NOW + HOUR_MS;
  await untilText(page, "#table-rows tr:first-child", /^2024-06-01 00:00 .*REST, stored/);
  await untilText(page, "#table-newest th", "2024-06-01 01:00");
  assert.match(await textOf(page, "#chart-summary"), /to 2024-06-01 00:00 UTC,/);
  await untilText(page, ".readout-origin", /^Closed\. REST, stored/);
  app.world.serverTime = NOW;
  assert.deepEqual(await shifts(), []);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("an earlier range is described: summary, checksum, table, files, links", async () => {
  await using watched = await openPage(browser, TALL);
  const { page } = watched;
  const shifts = await watchShifts(page);
  await open(page, "interval=1h&overlays=sma20&symbol=BTCUSDT");
  await page.click("[data-move=in]");
  await page.click("[data-move=earlier]");
  await page.waitForURL(/from=.*&to=/);
  const { searchParams } = new URL(page.url());
  const [from, to] = ["from", "to"].map((name) => Date.parse(searchParams.get(name)!));
  const candles = (to! - from!) / HOUR_MS;
  const [first, last] = [from!, to! - HOUR_MS].map(minuteText);
  await untilText(page, "#chart-summary", new RegExp(`^From ${first} UTC to ${last} UTC,`));
  const words = await textOf(page, "#chart-summary");
  assert.ok(words.includes(`${candles} closed candles, none missing.`), words);
  const rows = await rowsOf(page);
  assert.deepEqual([rows.length, rows[0]], [20, last]);
  await untilText(page, "#table-count", `newest first, 1 to 20 of ${candles}`);
  assert.equal(await page.locator("#table-newest tr").count(), 0, "none moves here");
  await untilText(page, ".readout-time", `${last} UTC`);
  await untilText(page, ".readout-origin", /^Closed\. REST, stored/);
  await untilText(page, "[data-key=csv] small", `${candles} rows`);
  const name = await page.locator(".plot .engine").getAttribute("aria-label");
  assert.ok(name!.startsWith(`Candlestick chart of BTC/USDT, 1h, ${candles} candles.`), name!);
  const programs = await page.locator("#api-rows").textContent();
  assert.equal(programs, `Code for these ${candles} candles`);

  const csv = await page.locator("a[data-key=csv]").getAttribute("href");
  const file = await (await fetch(new URL(csv!, origin))).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file)).toHex();
  assert.equal(await page.locator("#proof code").getAttribute("title"), digest);
  assert.match(await textOf(page, "#proof"), new RegExp(`^Proof: ${candles} rows`));
  assert.equal(await page.inputValue("#from-day"), first!.slice(0, 10));
  const later = await page.locator("[data-move=later]").getAttribute("href");
  const start = Date.parse(new URL(later!, origin).searchParams.get("from")!);
  assert.ok(from! < start && start < to!, `${later} keeps candles of this view`);
  await page.click("#table-pages [rel=next]");
  await untilText(page, "#table-count", `newest first, 21 to 40 of ${candles}`);
  assert.deepEqual(await shifts(), []);
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "the legend shows the candle under the pointer, otherwise the last one in view",
  async () => {
    await using watched = await openPage(browser, TALL);
    const { page } = watched;
    await open(page, "interval=1h&overlays=bb20,rsi14&symbol=BTCUSDT");
    const legend = () => page.locator(".chip b").allInnerTexts();
    const atEnd = await legend();
    assert.match(atEnd[0]!, /^\d[\d,.]+ – \d[\d,.]+$/);
    const newest = await textOf(page, ".chip b");
    const box = (await page.locator(".plot").boundingBox())!;
    await page.mouse.move(box.x + 500, box.y + 200);
    await untilText(page, ".chip b", new RegExp(`^(?!${RegExp.escape(newest)}$)`));
    assert.notDeepEqual(await legend(), atEnd);
    await page.mouse.move(box.x + 500, box.y - 200);
    await untilText(page, ".chip b", newest);
    assert.deepEqual(await legend(), atEnd);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "an unmoved chart keeps its URL, and the user's page of the table",
  async () => {
    await using watched = await openPage(browser, TALL);
    const { page } = watched;
    await open(page, "interval=1h&page=2&symbol=ETHUSDT");
    const rows = await rowsOf(page);
    assert.equal(rows.length, 20);
    live.send("close", toRow(klineAt(NEXT, "1h")));
    await untilText(page, ".readout-time", "2024-06-01 00:00 UTC");
    await app.addKlines("ETHUSDT", "1h", [klineAt(NEXT, "1h")]);
    await untilText(page, "#table-count", /21 to 40 of 81/);
    assert.equal((await rowsOf(page)).at(-1), rows.at(-2), "all rows move down by one");
    assert.equal(new URL(page.url()).search, "?interval=1h&page=2&symbol=ETHUSDT");
    await page.click("[data-move=in]");
    await page.waitForURL(/\?from=[^&]*&interval=1h&symbol=ETHUSDT$/);
    await untilText(page, "#table-count", /^newest first, 1 to 20 of \d\d$/);
    await page.click("[data-move=reset]");
    await page.waitForURL(/\?interval=1h&page=2&symbol=ETHUSDT$/);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("a form leads on with the range in view, not with that of the page", async () => {
  await using watched = await openPage(browser, TALL);
  const { page } = watched;
  await open(page, "interval=1h&symbol=BTCUSDT");
  await page.click("[data-move=in]");
  await page.waitForURL(/\?from=/);
  const from = new URL(page.url()).searchParams.get("from");
  await page.click(".menu-overlays summary");
  await page.fill("#overlay-list", "ema12");
  await page.click(".menu-overlays button");
  await page.waitForURL(/overlays=ema12/);
  const { searchParams } = new URL(page.url());
  assert.equal(searchParams.get("from"), from);
  assert.equal(searchParams.get("to"), null);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("on phones words are of the candles in view, once they can be read", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  const shifts = await watchShifts(page);
  await open(page, "interval=4h&symbol=BTCUSDT");
  await page.locator("#chart-summary").scrollIntoViewIfNeeded();
  await untilText(page, "#chart-summary", /60 closed candles, none missing\. ?$/);
  await untilText(page, "[data-key=csv] small", "60 rows");
  assert.equal(new URL(page.url()).search, "?interval=4h&symbol=BTCUSDT");
  assert.equal(await page.locator("[data-move=reset]").getAttribute("aria-disabled"), "true");
  assert.deepEqual(await shifts(), []);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("texts that cannot be loaded are not made up, and appear later", async () => {
  await using watched = await openPage(browser, TALL);
  const { page } = watched;
  await open(page, "interval=4h&symbol=BTCUSDT");
  const before = await textOf(page, "#chart-summary");
  await page.route("**/charts?*", (route) => route.abort());
  await page.click("[data-move=in]");
  await untilText(page, ".table-state", "of an earlier view: the server does not answer");
  assert.equal(await textOf(page, "#chart-summary"), before, "it names its own range");
  await page.unroute("**/charts?*");
  await untilText(page, "#table-count", /newest first, 1 to 20 of 9\d/);
  await untilText(page, ".table-state", "");
  await untilText(page, "#chart-summary", new RegExp(`^(?!${RegExp.escape(before)}$)`));
});

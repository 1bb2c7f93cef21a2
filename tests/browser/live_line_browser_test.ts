import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { HOUR_MS } from "../../lib/core/time.ts";
import {
  browserTest,
  DESKTOP,
  openPage,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klineAt, toRow } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, live, origin } = site;

const NEXT = LAST + HOUR_MS;
const LOST = /^Late ?· updates every 30 s$/;
const LIVE = /^Live ?· \d s$/;

/** Opens a chart with a controlled clock; connections of the previous one are dropped. */
async function openLive(page: Page, query: string): Promise<void> {
  live.drop();
  await page.clock.install();
  await page.addInitScript(() => {
    // Chunks of streams that the page has read.
    const seen = { chunks: 0 };
    Object.assign(globalThis, { seen });
    const { read } = ReadableStreamDefaultReader.prototype;
    ReadableStreamDefaultReader.prototype.read = function () {
      return read.call(this).then((result) => {
        seen.chunks++;
        return result;
      });
    };
  });
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

const chunksOf = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { seen: { chunks: number } }).seen.chunks);

/** Lets `seconds` pass on the page while the server sends heartbeats. */
async function passAlive(page: Page, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    const chunks = await chunksOf(page);
    const hears = live.count > 0;
    live.heartbeat();
    while (hears && live.count > 0 && await chunksOf(page) === chunks) await rest();
    await page.clock.runFor(5_000);
  }
}

/**
 * Lets the page's clock run until `isSo`, a second at a time; gives up after five minutes of it.
 */
async function passUntil(page: Page, what: string, isSo: () => boolean | Promise<boolean>) {
  for (let second = 0; second < 300; second++) {
    if (await isSo()) return;
    await page.clock.runFor(1_000);
    await rest();
  }
  assert.fail(`It never came to ${what}`);
}

const rest = () => new Promise((resolve) => setTimeout(resolve, 20));

const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);

const badgeSays = (page: Page, words: RegExp) => async () =>
  words.test((await page.locator(".badge").innerText()).replaceAll(/\s+/g, " "));

browserTest(
  "a broken connection is shown, replaced by polling, and live again once it is back",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await openLive(page, "interval=1h&symbol=ETHUSDT");
    await untilText(page, ".badge", LIVE);
    live.isDown = true;
    live.drop();
    await passUntil(page, "a lost line", badgeSays(page, LOST));
    assert.equal(await page.locator(".badge.badge-late").count(), 1);

    await app.addKlines("ETHUSDT", "1h", [klineAt(NEXT, "1h")]);
    const shown = page.locator(".readout-time");
    await passUntil(
      page,
      "a candle asked for",
      async () => (await shown.innerText()).startsWith("2024-06-01 00:00"),
    );
    assert.match(await page.locator(".badge").innerText(), /^Late/, "polled, not streamed");
    assert.equal(live.count, 0);

    live.isDown = false;
    const asked = live.asked.length;
    await passUntil(page, "a new line", () => live.count === 1);
    await passUntil(page, "a badge that says so", badgeSays(page, LIVE));
    assert.equal(live.asked[asked]!.lastEventId, `${NEXT}`, "what was missed is sent first");
    live.send("tick", toRow(klineAt(NEXT + HOUR_MS, "1h")));
    await untilText(page, ".readout-time", /^2024-06-01 01:00 UTC ?open$/);
    const problems = await watched.problems();
    assert.deepEqual(
      problems.filter((text) => !text.includes("503")),
      [],
    );
  },
);

browserTest("a silent connection counts as broken, and another is opened", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await openLive(page, "interval=4h&symbol=BTCUSDT");
  await untilText(page, ".badge", LIVE);
  const asked = live.asked.length;
  await passAlive(page, 30);
  await untilText(page, ".badge", /^Live ?· [0-5] s$/);
  assert.equal(live.asked.length, asked, "hearts that beat keep it");
  await page.clock.runFor(2_000);
  assert.equal(live.asked.length, asked, "a late one is waited for");
  await passUntil(page, "another line", () => live.asked.length === asked + 1);
  await passUntil(page, "being live again", badgeSays(page, LIVE));
  assert.equal(live.count, 1, "the silent one was hung up");
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "a page hidden for a minute disconnects, and catches up when it is visible again",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await openLive(page, "interval=4h&symbol=ETHUSDT");
    await untilText(page, ".badge", LIVE);
    const asked = live.asked.length;
    await setHidden(page, true);
    await passAlive(page, 45);
    assert.equal(live.count, 1, "a glance elsewhere costs nothing");
    await setHidden(page, false);
    await passAlive(page, 5);
    await setHidden(page, true);
    await passAlive(page, 50);
    assert.equal(live.count, 1, "the minute began again");
    await passAlive(page, 20);
    while (live.count > 0) await rest();
    await page.clock.runFor(600_000);
    assert.deepEqual(
      [live.count, live.asked.length],
      [0, asked],
      "nothing is requested while hidden",
    );

    await app.addKlines("ETHUSDT", "4h", [klineAt("2024-06-01", "4h")]);
    await setHidden(page, false);
    await passUntil(page, "a line again", () => live.count === 1);
    await untilText(page, ".readout-time", "2024-06-01 00:00 UTC");
    await passUntil(page, "being live again", badgeSays(page, LIVE));
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "a view with an end is shown as frozen, and does not follow the market until the user leaves it",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await openLive(page, "from=2024-05-20T00:00Z&interval=1h&symbol=BTCUSDT&to=2024-05-29T00:00Z");
    const asked = live.asked.length;
    await untilText(page, ".badge", /^Frozen view ?· to 2024-05-29 00:00$/);
    await page.clock.runFor(120_000);
    assert.match(await page.locator(".badge").innerText(), /^Frozen view/);
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    await page.click("[data-move=in]");
    await page.waitForURL(/from=2024-05-2[^0]/);
    assert.deepEqual([live.asked.length, live.count], [asked, 0]);
    assert.equal(await page.locator(".moving, .tag-moving, #table-newest tr").count(), 0);
    while (await page.locator("[data-move=later][aria-disabled]").count() === 0) {
      const before = page.url();
      await page.click("[data-move=later]");
      await passUntil(page, "the next part", () => page.url() !== before);
    }
    await untilText(page, ".badge", LIVE);
    assert.deepEqual([live.asked.length, live.count], [asked + 1, 1]);
    assert.doesNotMatch(page.url(), /[?&]to=/);
    assert.ok(await page.evaluate(() => "isSamePage" in globalThis), "links moved the chart");
    assert.deepEqual(await watched.problems(), []);
  },
);

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { HOUR_MS, parseTime } from "../../lib/core/time.ts";
import { createTestApp } from "../../lib/testing/app.ts";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import {
  browserTest,
  DESKTOP,
  openInBrowser,
  openPage,
  PHONE,
  textOf,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { fillSymbols, listedSymbols } from "../../lib/testing/listed_symbols.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const { db, url, close } = await createTestDatabase();
const symbols = listedSymbols(3_000);
await fillSymbols(db, { symbols, newest: NOW - 10 * 60_000 - HOUR_MS });
const app = await createTestApp({
  db,
  url,
  symbols,
  intervals: ["1h", "4h", "1d"],
  serverTime: NOW,
});
const site = await openInBrowser({
  handler: app.handler,
  async close() {
    await app.close();
    await close();
  },
});
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const FIELD = "#symbol-search";
const OPTION = "[role=option]";
const options = (page: Page) => page.locator(OPTION).allInnerTexts();
const countOf = (page: Page, selector: string) => page.locator(selector).count();

async function open(page: Page, query = "interval=1h&scale=log&symbol=BTCUSDT"): Promise<void> {
  await page.goto(`${origin}/charts?${query}`);
  await page.waitForSelector(".live[data-ready]", { state: "attached" });
}

async function openList(page: Page): Promise<void> {
  await page.focus(FIELD);
  await page.waitForSelector(`${FIELD}[role=combobox]`);
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector(`${OPTION}[aria-setsize="3000"]`);
}

for (const [name, size] of [["a desk", DESKTOP], ["a phone", PHONE]] as const) {
  browserTest(`on ${name} one of 3,000 symbols is found with the keyboard alone`, async () => {
    await using watched = await openPage(browser, { ...size, reducedMotion: "reduce" });
    const { page } = watched;
    await open(page);
    await openList(page);
    assert.equal(await page.getAttribute(FIELD, "aria-expanded"), "true");
    assert.deepEqual(await seriousProblems(page), []);
    await page.keyboard.type("c29");
    await page.waitForSelector(`${OPTION}[aria-setsize="111"]`);
    assert.match((await options(page))[0]!, /^C29\/USDT\s+10\d\.00\s+fresh$/);
    assert.equal(await page.getAttribute(FIELD, "aria-activedescendant"), "symbol-found-0");
    await page.keyboard.type("99");
    await page.waitForSelector(`${OPTION}[aria-setsize="1"]`);
    assert.match((await options(page))[0]!, /^C2999\/USDT\s+collecting$/);
    await page.keyboard.press("Backspace");
    await page.waitForSelector(`${OPTION}[aria-setsize="11"]`);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/interval=1h&scale=log&symbol=C2990USDT$/);
    assert.match(await textOf(page, "h1"), /C2990/);
    assert.deepEqual(await watched.problems(), []);
  });

  browserTest(`on ${name} the list of matches is loaded in pages`, async () => {
    await using watched = await openPage(browser, { ...size, reducedMotion: "reduce" });
    const { page } = watched;
    await open(page);
    await openList(page);
    assert.equal(await countOf(page, OPTION), 30);
    await page.locator(OPTION).last().scrollIntoViewIfNeeded();
    await page.waitForFunction((option) => document.querySelectorAll(option).length === 60, OPTION);
    await page.keyboard.press("ArrowUp"); // from the first option to the last one that is loaded
    await page.waitForFunction((option) => document.querySelectorAll(option).length === 90, OPTION);
    const names = (await options(page)).map((text) => text.split(/\s/)[0]);
    assert.equal(new Set(names).size, 90);
    assert.deepEqual(await watched.problems(), []);
  });
}

browserTest("the list of symbols is loaded in pages as it is scrolled", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page, "interval=1h&symbol=C1234USDT");
  const link = ".symbols > ul a.symbol";
  assert.match(await textOf(page, link), /^C1234 USDT/);
  const before = await countOf(page, link);
  assert.ok(before <= 11 + 60, `${before}`);
  await page.locator(".symbols-all").scrollIntoViewIfNeeded();
  await page.waitForFunction(
    ([selector, count]) => document.querySelectorAll(selector as string).length > Number(count),
    [link, before],
  );
  const hrefs = await page.locator(link).evaluateAll((links) =>
    links.map((one) => new URL((one as HTMLAnchorElement).href).searchParams.get("symbol"))
  );
  assert.equal(new Set(hrefs).size, hrefs.length, "each symbol once");
  assert.deepEqual(hrefs.slice(1, 20), symbols.slice(0, 19));
  await page.locator(link, { hasText: "C20" }).first().click();
  await page.waitForURL(/interval=1h&symbol=C20USDT$/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("recent symbols come first among all", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page, "interval=1h&symbol=C2000USDT");
  await open(page);
  await openList(page);
  assert.match((await options(page))[0]!, /^C2000\/USDT[^]*recent/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "favourites come first: marked in the list, with the key, and after a reload",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const starOf = (pair: string) => page.locator(`nav.symbols [aria-label="Favourite ${pair}"]`);
    const first = () =>
      page.locator(".symbols > ul a.symbol").evaluateAll((links) =>
        links.slice(0, 3).map((one) =>
          new URL((one as HTMLAnchorElement).href).searchParams.get("symbol")
        )
      );
    const isMarked = (pair: string) =>
      page.waitForSelector(`nav.symbols [aria-label="Favourite ${pair}"][aria-pressed=true]`);
    await open(page, "interval=1h&symbol=C1234USDT");
    const address = page.url();
    await page.locator(".symbols-all").scrollIntoViewIfNeeded();
    await starOf("C15/USDT").focus();
    await page.keyboard.press("Enter");
    await isMarked("C15/USDT");
    await page.keyboard.press("b");
    await isMarked("C1234/USDT");
    assert.equal(page.url(), address, "without leaving the page");
    assert.equal(await page.getAttribute("h1 + button", "aria-pressed"), "true");
    assert.deepEqual(
      await first(),
      ["C1234USDT", "BTCUSDT", "ETHUSDT"],
      "no row moves under the pointer",
    );
    await page.reload();
    assert.deepEqual(await first(), ["C15USDT", "C1234USDT", "BTCUSDT"]);
    await page.waitForSelector(".live[data-ready]", { state: "attached" });
    await openList(page);
    const found = await options(page);
    assert.match(found[0]!, /^C15\/USDT[^]*favourite/);
    assert.match(found[1]!, /^C1234\/USDT[^]*favourite/);
    await page.keyboard.press("Escape");
    assert.deepEqual(await seriousProblems(page), []);
    await starOf("C15/USDT").click();
    await page.waitForSelector('nav.symbols [aria-label="Favourite C15/USDT"][aria-pressed=false]');
    await page.reload();
    assert.deepEqual(await first(), ["C1234USDT", "BTCUSDT", "ETHUSDT"]);
    await page.context().addCookies([
      { name: "wick-favourites", value: "%00~<img>~GONEUSDT~C20USDT", url: origin },
    ]);
    await page.goto(`${origin}/charts`);
    assert.deepEqual(await first(), ["C20USDT", "BTCUSDT", "ETHUSDT"]);
    await page.locator(".symbols-all").scrollIntoViewIfNeeded();
    await page.waitForFunction(() =>
      document.querySelectorAll(".symbols > ul a.symbol").length > 20
    );
    const hrefs = await page.locator(".symbols > ul a.symbol").evaluateAll((links) =>
      links.map((one) => (one as HTMLAnchorElement).href)
    );
    assert.equal(new Set(hrefs).size, hrefs.length, "each symbol once");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("without an answer of the search, the symbols of the page are searched", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page);
  await page.route("**/api/symbols?**", (route) => route.abort());
  await page.focus(FIELD);
  await page.waitForSelector(`${FIELD}[role=combobox]`);
  await page.keyboard.type("eth");
  await page.waitForSelector(OPTION);
  assert.match((await options(page))[0]!, /^ETH\/USDT/);
  await page.keyboard.type("zz");
  await untilText(page, ".symbol-none", /on this page; the server cannot be reached$/);
});

browserTest("without script the search lists matches, a page at a time", async () => {
  for (const size of [DESKTOP, PHONE]) {
    await using watched = await openPage(browser, { ...size, javaScriptEnabled: false });
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=1h&scale=log&symbol=BTCUSDT`);
    if (size === PHONE) {
      await page.click(".symbol-form >> text=All symbols");
      await page.fill("main [name=search]", "c29");
      await page.click("main form[role=search] button");
    } else {
      await page.fill(FIELD, "c29");
      await page.press(FIELD, "Enter");
    }
    await untilText(page, ".card-head p", "111 symbols match “c29”");
    await page.click("text=More");
    await page.click(".symbols-grid a >> text=C2950");
    await page.waitForURL(/interval=1h&scale=log&symbol=C2950USDT$/);
    await page.click('h1 + button[aria-label="Favourite C2950/USDT"]');
    await page.waitForSelector("h1 + button[aria-pressed=true]");
    assert.match(page.url(), /interval=1h&scale=log&symbol=C2950USDT$/);
    assert.match(await textOf(page, ".symbol-form option >> nth=0"), /^C2950/);
    assert.deepEqual(await watched.problems(), []);
  }
});

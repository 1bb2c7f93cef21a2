import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import {
  browserTest,
  DESKTOP,
  openPage,
  PHONE,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, origin } = site;

const FIELD = "#symbol-search";
const isCombobox = (page: Page) => page.waitForSelector(`${FIELD}[role=combobox]`);
const options = (page: Page) => page.locator("[role=option]").allInnerTexts();

/** The field's accessible name and state. */
async function stateOf(page: Page): Promise<string> {
  return await page.locator(FIELD).evaluate((field) => {
    const active = document.getElementById(field.getAttribute("aria-activedescendant") ?? "");
    const list = document.getElementById(field.getAttribute("aria-controls")!);
    return [
      field.getAttribute("aria-expanded"),
      list?.role,
      list?.checkVisibility(),
      active?.getAttribute("aria-selected") === "true" && active.querySelector("b")!.textContent,
    ].join(" ");
  });
}

for (const [name, size] of [["a desk", DESKTOP], ["a phone", PHONE]] as const) {
  browserTest(`on ${name} a symbol is found with the keyboard alone, by its name`, async () => {
    await using watched = await openPage(browser, { ...size, reducedMotion: "reduce" });
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=4h&scale=log&symbol=BTCUSDT`);
    await untilChartReady(page);
    assert.equal(await page.getAttribute(FIELD, "role"), null);
    const chunk = page.waitForRequest((request) => request.resourceType() === "script");
    await page.keyboard.press("/");
    await chunk;
    await isCombobox(page);
    assert.equal(await page.getAttribute(FIELD, "aria-autocomplete"), "list");
    assert.equal(await stateOf(page), "false listbox false false", "focus alone opens nothing");

    await page.keyboard.press("ArrowDown");
    assert.equal(await stateOf(page), "true listbox true BTC");
    assert.deepEqual(await seriousProblems(page), []);
    await page.keyboard.press("ArrowUp");
    assert.equal(await stateOf(page), "true listbox true LINKUSDT");
    const [first, second, third] = await options(page);
    assert.match(first!, /^BTC\/USDT\s+4,\d+\.\d+\s+Bitcoin\s+fresh$/);
    assert.match(second!, /^ETH\/USDT/);
    assert.match(third!, /^BNBUSDT\s+collecting$/);

    await page.keyboard.type("dana");
    await untilText(page, ".symbol-none", "No symbol matches “dana”");
    assert.equal(await stateOf(page), "false listbox false false");
    await page.keyboard.press("Escape");
    assert.equal(await page.inputValue(FIELD), "dana", "the first Esc closes");
    await page.keyboard.press("Escape");
    assert.equal(await page.inputValue(FIELD), "", "the second one clears");

    await page.keyboard.type("ether");
    assert.equal(await stateOf(page), "true listbox true ETH");
    await page.keyboard.press("Enter");
    await page.waitForURL(/interval=4h&scale=log&symbol=ETHUSDT$/);
    assert.match(await textOf(page, "h1"), /ETH/);
    assert.deepEqual(await watched.problems(), []);
  });
}

browserTest(
  "recent symbols come first, and keep the visible range",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    for (const symbol of ["ETHUSDT", "BTCUSDT"]) {
      await page.goto(`${origin}/charts?interval=4h&symbol=${symbol}`);
      await untilChartReady(page);
    }
    await page.click("[data-move=in]");
    await page.waitForURL(/from=/);
    await page.click(FIELD);
    await isCombobox(page);
    await page.click(FIELD);
    await page.waitForSelector("[role=option]");
    assert.match((await options(page))[0]!, /^ETH\/USDT[^]*Ethereum · recent/);
    await page.locator("[role=option]").first().click();
    await page.waitForURL(/from=[^&]+&interval=4h&symbol=ETHUSDT/);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("outdated prices are marked, in the list and in search results", async () => {
  app.world.serverTime += 5 * 3_600_000;
  try {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=4h&symbol=BTCUSDT`);
    assert.match(await textOf(page, "nav.symbols a.symbol"), /^BTC USDT .*\d stale$/);
    await page.focus(FIELD);
    await isCombobox(page);
    await page.keyboard.press("ArrowDown");
    assert.match((await options(page))[0]!, /Bitcoin\s+stale$/);
  } finally {
    app.world.serverTime -= 5 * 3_600_000;
  }
});

browserTest(
  "without script, or without the combobox code, the field is a form",
  async () => {
    for (const blocked of [false, true]) {
      await using watched = await openPage(browser, { ...DESKTOP, javaScriptEnabled: blocked });
      const { page } = watched;
      if (blocked) await page.route("**/*.js", (route) => route.abort());
      await page.goto(`${origin}/charts?interval=4h&scale=log&symbol=BTCUSDT`);
      await page.fill(FIELD, "ETHUSDT");
      await page.press(FIELD, "Enter");
      await page.waitForURL(/interval=4h&scale=log&symbol=ETHUSDT$/);
      assert.match(await textOf(page, "h1"), /ETH/);
    }
  },
);

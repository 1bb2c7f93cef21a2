import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest, openInBrowser, openPage, textOf } from "../../lib/testing/browser/browser.ts";
import { openOverviewSite } from "../../lib/testing/browser/overview_site.ts";

// All navigation that a user without script needs.
const site = await openOverviewSite();
const { browser, origin, close } = await openInBrowser(site.app, site.close);
Deno.test.afterAll(close);

const DESK = { viewport: { width: 1440, height: 900 }, javaScriptEnabled: false };
const PHONE = {
  viewport: { width: 390, height: 844 },
  javaScriptEnabled: false,
  isMobile: true,
  hasTouch: true,
};

const candles = async (page: Page) =>
  Number(
    /([\d\s]+) closed candles/.exec(await textOf(page, ".summary"))![1]!.replaceAll(/\D/g, ""),
  );
const begin = async (page: Page) => /From (\S+ \S+)/.exec(await textOf(page, ".summary"))![1]!;
const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

for (const [name, device] of [["a desk", DESK], ["a phone", PHONE]] as const) {
  browserTest(
    `on ${name} without script every menu of the chart opens and has working links`,
    async () => {
      await using watched = await openPage(browser, device);
      const { page } = watched;
      await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
      const menus = page.locator("details.menu");
      const names = await menus.locator("summary").allInnerTexts();
      const wanted = ["Candles", "Dates", "Look", "Overlays", "API"];
      assert.deepEqual(names.map((name) => name.trim()), wanted);
      for (const menu of await menus.all()) {
        await menu.locator("summary").click();
        const panel = menu.locator(".menu-panel");
        assert.ok(await panel.isVisible());
        const box = (await panel.boundingBox())!;
        assert.ok(
          box.x >= 0 && box.x + box.width <= device.viewport.width,
          `${box.x} ${box.width}`,
        );
        assert.equal(await page.locator("details.menu[open]").count(), 1, "one is open at a time");
        await menu.locator("summary").click();
        assert.equal(await panel.isVisible(), false);
      }
      await page.click("summary:has-text('Look')");
      const checks = page.locator("details[open] [aria-current] .icon");
      assert.equal(await checks.filter({ visible: true }).count(), 2, "what is chosen is marked");
      await page.click("details[open] >> text=Blue and orange");
      assert.equal(param(page, "colors"), "blue");
      await page.click("summary:has-text('Overlays')");
      await page.click("details[open] >> text=RSI 14");
      assert.equal(param(page, "overlays"), "rsi14");
      assert.ok(await page.locator(".rsi-band:visible").isVisible());
      await page.click("a[aria-label='Remove RSI 14']");
      assert.equal(param(page, "overlays"), null);
      assert.equal(param(page, "colors"), "blue", "the look stays");
      await page.click("summary:has-text('API')");
      assert.match(await textOf(page, "details[open] pre"), /curl/);
      assert.deepEqual(await watched.problems(), []);
    },
  );

  browserTest(
    `on ${name} without script symbol, interval, range, moves and pages are links`,
    async () => {
      await using watched = await openPage(browser, device);
      const { page } = watched;
      await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
      if (device === PHONE) {
        await page.selectOption("select[name=symbol]", "SOLUSDT");
        await page.click(".symbol-form button");
      } else await page.click("nav.symbols a >> text=SOL");
      assert.equal(param(page, "symbol"), "SOLUSDT");
      await page.click("nav[aria-label=Interval] >> text=4h");
      assert.equal(param(page, "interval"), "4h");
      await page.click("nav[aria-label=Range] >> text=30d");
      assert.equal(await candles(page), 180);
      const shown = await begin(page);
      await page.click("[data-move=earlier]");
      assert.ok(await begin(page) < shown);
      assert.equal(await candles(page), 180);
      await page.click("[data-move=later]");
      assert.equal(await begin(page), shown);
      await page.click("[data-move=in]");
      assert.equal(await candles(page), 90);
      await page.click("[data-move=out]");
      assert.equal(await candles(page), 180);
      const times = () => page.locator(".candles tbody th").allTextContents();
      const newest = await times();
      await page.click(".table-pages >> text=Older");
      assert.equal(param(page, "page"), "2");
      assert.ok((await times())[0]! < newest.at(-1)!, "the next candles");
      const csv = await page.getAttribute("[data-key=csv]", "href");
      const lines = (await (await fetch(`${origin}${csv}`)).text()).trim().split("\n");
      assert.equal(lines.length, 1 + 180);
      await page.click("[data-move=reset]");
      assert.equal(param(page, "from"), null);
      await page.click("nav[aria-label='Price scale'] >> text=Log");
      assert.equal(param(page, "scale"), "log");
      await page.click("nav[aria-label=Clock] >> text=Local");
      assert.match(await textOf(page, ".chart-state:has-text('UTC')"), /Times are in UTC/);
      assert.deepEqual(await watched.problems(), []);
    },
  );

  browserTest(
    `on ${name} without script a theme is a link, and is kept from page to page`,
    async () => {
      await using watched = await openPage(browser, { ...device, colorScheme: "light" });
      const { page } = watched;
      const ground = () =>
        page.locator("html").evaluate((html) => getComputedStyle(html).backgroundColor);
      await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
      const light = await ground();
      // On a phone one button goes from theme to theme: system, light, dark.
      if (device === PHONE) await page.click("nav[aria-label=Theme] a[aria-label=light]");
      await page.click("nav[aria-label=Theme] a[aria-label=dark]");
      const dark = await ground();
      assert.notEqual(dark, light);
      assert.equal(param(page, "symbol"), "BTCUSDT");
      const ways = [
        ["Markets", "nav[aria-label=View] >> text=Bars"],
        ["Status", "form[aria-label=Series] button"],
        ["Docs", ".docs-nav >> text=Rules"],
        ["Charts", "nav[aria-label=Interval] >> text=4h"],
      ] as const;
      for (const [name, way] of ways) {
        await page.click(`nav[aria-label=Pages] >> text=${name}`);
        assert.equal(await ground(), dark, name);
        await page.click(way);
        assert.equal(await ground(), dark, `${name} and on`);
      }
      await page.click("nav[aria-label=Theme] a[aria-label=auto]");
      assert.equal(await ground(), light);
      assert.deepEqual(await watched.problems(), []);
    },
  );

  browserTest(
    `on ${name} without script markets and status are sorted, filtered and paged`,
    async () => {
      await using watched = await openPage(browser, device);
      const { page } = watched;
      await page.goto(`${origin}/markets`);
      const coin = () => textOf(page, ".coins tbody tr");
      assert.match(await coin(), /BTC/);
      const order = device === PHONE ? ".sorts >> text=Price" : ".coins thead >> text=Price";
      await page.click(order);
      await page.click(order);
      assert.match(await coin(), /TRX|XRP|ADA|DOGE/, "the cheapest first");
      await page.click("nav[aria-label='Period'] >> text=7d");
      assert.equal(param(page, "range"), "7d");
      const csv = await page.getAttribute("a:has-text('CSV')", "href");
      const lines = (await (await fetch(`${origin}${csv}`)).text()).trim().split("\n");
      assert.equal(lines.length, 1 + 10);

      await page.goto(`${origin}/status`);
      for (const details of await page.locator("details").all()) {
        if (!await details.isVisible() || await details.getAttribute("open") !== null) continue;
        await details.locator("summary").first().click();
        assert.equal(await details.getAttribute("open"), "");
      }
      await page.click("nav[aria-label='Period'] >> text=90");
      assert.equal(param(page, "strip"), "90d");
      await page.fill("form[aria-label=Series] input[name=q]", "ETHUSDT");
      await page.click("form[aria-label=Series] button");
      assert.equal(param(page, "q"), "ETHUSDT");
      assert.equal(param(page, "strip"), "90d");
      const rows = await page.locator(".gaps tbody th").allTextContents();
      assert.ok(rows.length > 0 && rows.every((row) => row.startsWith("ETHUSDT")), rows.join());
      assert.deepEqual(await watched.problems(), []);
    },
  );
}

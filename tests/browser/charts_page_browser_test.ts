import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  holdEngine,
  openPage,
  PHONE,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { capsOf, NOW, openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, origin } = site;

const boxes = (page: Page) => page.locator(".boxlayer path.box").count();
const slices = (page: Page) => page.locator(".pielayer .slice").count();

browserTest("the pie has ten coins and updates without a reload", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.clock.install();
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  assert.equal(await slices(page), 0, "the server's picture until the pointer is on it");
  await page.hover(".caps");
  await page.waitForSelector(".pie[data-ready]");
  assert.equal(await slices(page), 10);
  assert.match(await textOf(page, ".caps"), /share of these 10 coins/);
  assert.match(await textOf(page, ".cap-source"), /updated 1 h ago Data provided by CoinGecko/);
  assert.match(await textOf(page, ".cap-legend"), /^BTC/);
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
  await app.saveCaps(capsOf({ ethereum: 5 }, NOW));
  await page.clock.fastForward(61_000);
  await untilText(page, ".cap-legend", /^ETH/);
  assert.equal(await slices(page), 10);
  assert.ok(await page.evaluate(() => "isSamePage" in globalThis));
  assert.deepEqual(await watched.problems(), []);
});

browserTest("the theme is kept, and the chart uses it", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, colorScheme: "light" });
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  const color = () =>
    page.locator(".boxlayer path.box").first().evaluate((box) => getComputedStyle(box).stroke);
  const light = await color();
  await page.click("label:has(#theme-dark)");
  await page.waitForFunction(
    (light) => getComputedStyle(document.querySelector(".boxlayer path.box")!).stroke !== light,
    light,
  );
  const page2 = await page.reload();
  assert.match(await page2!.text(), /<html lang="en" data-theme="dark">/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("on phones the newest candles are in view and nothing scrolls sideways", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  const letEngineLoad = await holdEngine(page);
  await page.goto(`${origin}/charts`, { waitUntil: "commit" });
  await page.locator(".picture-narrow .body-up").waitFor();
  letEngineLoad();
  await untilChartReady(page);
  assert.equal(await boxes(page), 90, "60 in view, and half of that before them");
  const inView = await page.locator(".boxlayer path.box").evaluateAll((all) => {
    const { left, right } = document.querySelector(".live .panes")!.getBoundingClientRect();
    return all.map((box) => box.getBoundingClientRect())
      .filter((box) => box.right > left && box.left < right).length;
  });
  assert.ok(inView >= 60 && inView <= 62, `${inView} candles in view`);
  assert.equal(await slices(page), 0, "the ring waits until it is near");
  await page.locator(".caps").scrollIntoViewIfNeeded();
  await page.locator(".slice").nth(9).waitFor({ state: "attached" });
  assert.equal(await slices(page), 10);
  await page.evaluate(() => scrollTo(0, 0));
  const small = await page.locator("main a.button, main select, main button, .segmented a")
    .filter({ visible: true })
    .evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().height < 40).map((one) => one.outerHTML)
    );
  assert.deepEqual(small, [], "controls are large enough to be touched");
  for (const width of [340, 390, 768]) {
    await page.setViewportSize({ width, height: 844 });
    const scroll = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scroll <= width, `${scroll} at ${width}`);
  }
  assert.deepEqual(await watched.problems(), []);
});

browserTest("no parts of the page overlap, at any width", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await page.hover(".caps");
  await page.waitForSelector(".pie[data-ready]"); // replaces the server's picture
  await page.evaluate(() => scrollTo(0, 0));
  const boxOf = async (selector: string) => (await page.locator(selector).boundingBox())!;
  const order = async (...selectors: string[]) => {
    const boxes = await Promise.all(selectors.map(boxOf));
    boxes.slice(1).forEach((box, i) => {
      const above = boxes[i]!;
      assert.ok(
        box.y >= above.y + above.height,
        `${selectors[i + 1]} begins below ${selectors[i]}`,
      );
    });
  };
  await order(".top", ".chart-head", ".chart", ".summary", ".candles", ".foot");
  await order(".top", ".symbols", ".caps");
  const [symbols, chart, candles] = [
    await boxOf(".symbols"),
    await boxOf(".chart"),
    await boxOf(".candles"),
  ];
  assert.ok(chart.x > symbols.x + symbols.width && chart.width > 1000);
  assert.deepEqual([candles.x, candles.width], [symbols.x, chart.x + chart.width - symbols.x]);
  assert.ok((await boxOf(".toolbar")).height < 40, "one line of controls");
  for (const width of [390, 820]) {
    await page.setViewportSize({ width, height: 844 });
    for (const head of [".symbol-search", ".pair", ".price"]) {
      await order(".top", head, ".toolbar", ".chart", ".summary", ".caps", ".candles");
    }
    assert.ok((await boxOf(".chart")).width > width - 50);
    assert.equal(await page.locator(".symbols > ul").isVisible(), false);
  }
  assert.deepEqual(await watched.problems(), []);
});

browserTest("without script there are candles, table, pie, and links", async () => {
  for (const device of [DESKTOP, PHONE]) {
    await using watched = await openPage(browser, { ...device, javaScriptEnabled: false });
    const { page } = watched;
    await page.goto(`${origin}/charts?symbol=BTCUSDT&interval=4h`);
    assert.ok(await page.locator(".body-up:visible").count() === 1);
    assert.equal(await page.locator("#table-rows th").count(), 20);
    assert.equal(await page.locator(".donut path").count(), 10);
    await page.click("[data-move=in]");
    await page.waitForURL(/[?]from=2024-05-16T12:00Z&interval=4h&symbol=BTCUSDT$/);
    if (device === PHONE) {
      await page.selectOption("select", "ETHUSDT");
      await page.click(".symbol-form button");
      await page.waitForURL(/symbol=ETHUSDT&from=.*&interval=4h$/);
    }
  }
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  holdEngine,
  openPage,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klinesFrom, toImported } from "../../lib/testing/klines.ts";
import { shiftOpen } from "../../lib/core/interval.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const boxes = (page: Page) => page.locator(".boxlayer path.box").count();

/** Shows an earlier part of the chart; returns its extremes. */
async function moveAway(page: Page): Promise<string> {
  let last = await textOf(page, ".live .extremes");
  for (const move of ["in", "earlier"]) {
    await page.click(`[data-move=${move}]`);
    await untilText(page, ".live .extremes", new RegExp(`^(?!${RegExp.escape(last)}$)`));
    last = await textOf(page, ".live .extremes");
  }
  return last;
}

browserTest(
  "the chart becomes interactive over its picture, hovers, moves and stays within its limits",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const letEngineLoad = await holdEngine(page);
    await page.goto(`${origin}/charts`, { waitUntil: "commit" });
    await page.locator(".plot").waitFor();
    const box = await page.locator(".plot").boundingBox();
    assert.ok(await page.locator(".picture-wide .body-up").isVisible(), "candles before Plotly");
    letEngineLoad();
    await untilChartReady(page);
    assert.deepEqual(await page.locator(".plot").boundingBox(), box, "nothing moved");
    assert.equal(await boxes(page), 300);
    assert.equal(await page.locator(".picture-wide").isVisible(), false);

    await page.mouse.move(box!.x + box!.width / 2, box!.y + 200);
    await page.waitForSelector(".crosshair line", { state: "attached" });
    await untilText(page, ".readout-time", /^(?!2024-05-31 23:00)/);
    await moveAway(page);
    await page.waitForURL(/charts\?from=2024-05-\d\dT\d\d:00Z&to=2024-05-\d\dT\d\d:00Z$/);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("symbol and interval links open their charts, with the page's range", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  await page.click(".symbols a:has-text('ETH')");
  await untilChartReady(page);
  assert.equal(page.url(), `${origin}/charts?interval=1h&symbol=ETHUSDT`);
  assert.equal(await boxes(page), 80);
  await page.click(".segmented a:has-text('4h')");
  await untilChartReady(page);
  assert.equal(page.url(), `${origin}/charts?interval=4h&symbol=ETHUSDT`);
  assert.equal(await boxes(page), 72);
  await page.goBack();
  await untilChartReady(page);
  assert.equal(await boxes(page), 80);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("arrow keys move from candle to candle and are announced", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts?symbol=ETHUSDT&interval=1h`);
  await untilChartReady(page);
  await page.focus(".engine");
  for (const key of ["ArrowLeft", "ArrowLeft", "Shift+ArrowLeft"]) await page.keyboard.press(key);
  await untilText(page, ".readout-time", "2024-05-31 12:00 UTC");
  const spoken = page.locator(".live [aria-live]", { hasText: "31 May 12:00" });
  await spoken.waitFor({ state: "attached" });
  assert.match(await spoken.innerText(), /close .* percent, candle 69 of 80$/);
  await page.keyboard.press("Home");
  await untilText(page, ".readout-time", "2024-05-28 16:00 UTC");
  assert.deepEqual(await watched.problems(), []);
});

/** The gap of the site's candles, and the 60 hours before the first of them. */
const importable = (from: number, count: number) =>
  klinesFrom(shiftOpen(LAST, "1h", from), "1h", count).map((kline) => toImported(kline));

browserTest(
  "imported candles are drawn by the picture and the chart, only if asked for",
  async () => {
    await site.app.addImported("BTCUSDT", "1h", [...importable(-459, 60), ...importable(-49, 6)]);
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const letEngineLoad = await holdEngine(page);
    await page.goto(`${origin}/charts`);
    assert.equal(await page.locator(".marks.imported").count(), 0);
    await page.click(".imported-note a");
    await page.waitForURL(/charts\?imported=1&interval=1h&symbol=BTCUSDT$/);
    const inPicture = page.locator(".picture-wide .marks.imported");
    const box = await inPicture.boundingBox();
    assert.equal(await inPicture.isVisible(), true);
    letEngineLoad();
    await untilChartReady(page);
    const inChart = page.locator(".live .marks.imported");
    await inChart.waitFor();
    assert.deepEqual(await inChart.boundingBox(), box);
    assert.equal(await boxes(page), 294, "Plotly has the exchange's candles");
    const bodies = () =>
      inChart.evaluate((marks) =>
        [...marks.querySelectorAll(".lines")].reduce(
          (sum, path) => sum + path.getAttribute("d")!.split("v").length - 1,
          0,
        )
      );
    assert.equal(await bodies(), 6);
    const plot = (await page.locator(".plot").boundingBox())!;
    const { x, width } = (await page.locator(".live .gap").boundingBox())!;
    await page.mouse.move(x + width / 2, plot.y + 200);
    await untilText(page, ".readout-origin", /^Imported, not from the exchange\. ?$/);
    assert.deepEqual(await seriousProblems(page, { within: ".chart-column" }), []);

    const loaded = page.waitForResponse((response) => response.url().includes("/api/candles"));
    await page.click("[data-move=earlier]");
    assert.match((await loaded).url(), /imported=1/);
    await page.waitForURL(/from=2024-05-1\d.*imported=1/);
    await untilText(page, "[data-key=csv]", /CSV 3\d\d rows/);
    assert.ok(await bodies() > 6, "older ones are loaded as the chart moves");
    assert.match(await page.locator("[data-key=csv]").getAttribute("href") ?? "", /imported=1/);
    await untilText(page, ".summary", /\d+ imported, not from the exchange/);
    assert.deepEqual(await watched.problems(), []);
  },
);

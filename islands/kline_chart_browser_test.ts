import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import type { Page } from "playwright-core";
import { HOUR_MS } from "../lib/core/time.ts";
import { DESKTOP, holdEngine, openPage, textOf, untilText } from "../lib/testing/browser.ts";
import { countPage } from "../lib/testing/page_counts.ts";
import { browserTest, LAST, NOW, openChartsSite } from "../lib/testing/charts_site.ts";

const site = await openChartsSite({
  "/mounter.js": await bundle("../lib/testing/chart_mounter.tsx"),
});
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const boxes = (page: Page) => page.locator(".boxlayer path.box").count();
const isReady = (page: Page) => page.waitForSelector(".live[data-ready]", { state: "attached" });

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

async function bundle(path: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    ...{ bundle: true, write: false, format: "esm" },
    ...{ jsx: "automatic", jsxImportSource: "preact" },
  });
  await stop();
  return result.outputFiles![0]!.text;
}

browserTest("the chart comes alive over its picture, hovers, moves and keeps within", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  const letEngineLoad = await holdEngine(page);
  await page.goto(`${origin}/charts`, { waitUntil: "commit" });
  await page.locator(".plot").waitFor();
  const box = await page.locator(".plot").boundingBox();
  assert.ok(await page.locator(".picture-wide .body-up").isVisible(), "candles before Plotly");
  letEngineLoad();
  await isReady(page);
  assert.deepEqual(await page.locator(".plot").boundingBox(), box, "nothing moved");
  assert.equal(await boxes(page), 300);
  assert.equal(await page.locator(".picture-wide").isVisible(), false);

  await page.mouse.move(box!.x + box!.width / 2, box!.y + 200);
  await page.waitForSelector(".crosshair line", { state: "attached" });
  await untilText(page, ".readout-time", /^(?!2024-05-31 23:00)/);
  await moveAway(page);
  await page.waitForURL(/charts\?from=2024-05-\d\dT\d\d:00Z&to=2024-05-\d\dT\d\d:00Z$/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("symbol and interval lead to their charts, in the page's own address", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await isReady(page);
  await page.click(".symbols a:has-text('ETH')");
  await isReady(page);
  assert.equal(page.url(), `${origin}/charts?interval=1h&symbol=ETHUSDT`);
  assert.equal(await boxes(page), 80);
  await page.click(".segmented a:has-text('4h')");
  await isReady(page);
  assert.equal(page.url(), `${origin}/charts?interval=4h&symbol=ETHUSDT`);
  assert.equal(await boxes(page), 72);
  await page.goBack();
  await isReady(page);
  assert.equal(await boxes(page), 80);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("arrow keys go from candle to candle and are spoken of", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts?symbol=ETHUSDT&interval=1h`);
  await isReady(page);
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

browserTest("fifty charts that come and go leave none behind", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts?symbol=ETHUSDT&interval=1h`);
  await isReady(page);
  await page.addScriptTag({ url: `${origin}/mounter.js`, type: "module" });
  await page.waitForFunction(() => "mountMany" in globalThis);
  const plotlyHref = await page.locator("head script[src*=plotly]").getAttribute("src");
  const props = {
    ...{ basePath: "", plotlyHref, symbol: "ETHUSDT", interval: "1h", shown: "1h" },
    intervals: ["1h", "4h"],
    ...{ isPinned: false, isLog: false, overlays: [], holes: [], decimals: 2, label: "chart" },
    ...{ first: LAST - 79 * HOUR_MS, oldest: LAST - 79 * HOUR_MS, last: LAST, newest: LAST },
    isLocal: false,
    serverTime: NOW,
  };
  const measure = async (times: number) => {
    const drawn = await page.evaluate(
      ([props, times]) => (globalThis as unknown as Mounter).mountMany(props, times),
      [props, times] as const,
    );
    return { drawn, ...await countPage(page) };
  };
  const first = await measure(6); // fills caches
  const later = await measure(50);
  assert.deepEqual([first.drawn, later.drawn], [4, 34]);
  assert.equal(await page.locator(".js-plotly-plot").count(), 2, "the page's own chart and pie");
  assert.ok(later.nodes - first.nodes < 50, `${later.nodes - first.nodes} nodes stay`);
  assert.ok(
    later.listeners - first.listeners < 5,
    `${later.listeners - first.listeners} listeners`,
  );
  assert.deepEqual(await watched.problems(), []);
});

interface Mounter {
  mountMany(props: unknown, times: number): Promise<number>;
}

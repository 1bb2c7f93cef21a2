import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  openPage,
  PHONE,
  untilChartReady,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { watchShifts } from "../../lib/testing/browser/layout_shifts.ts";
import { misfitsOf } from "../../lib/testing/browser/misfits.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const touch = (width: number, height: number) => ({ ...PHONE, viewport: { width, height } });

/** Screens, with the latest start of the plot in px and its least share of the screen's height. */
const SCREENS: Readonly<
  Record<string, readonly [device: BrowserContextOptions, top: number, share: number]>
> = {
  "a phone": [PHONE, 230, 0.55],
  "a tablet": [touch(820, 1180), 230, 0.55],
  "a small window": [{ viewport: { width: 820, height: 1180 } }, 230, 0.55],
  "a phone on its side": [touch(844, 390), 150, 0.55],
  // with space for lines that break in a wide typeface
  "a small phone": [touch(360, 640), 270, 0.55],
  "the smallest phone": [touch(320, 568), 290, 0.45],
  "a desktop": [DESKTOP, 280, 0.5],
};

/** The plot without its axes. */
async function plotOf(page: Page) {
  return (await page.locator(".plot .panes").filter({ visible: true }).first().boundingBox())!;
}

for (const [name, [device, top, share]] of Object.entries(SCREENS)) {
  for (const javaScriptEnabled of [true, false]) {
    const script = javaScriptEnabled ? "with" : "without";
    browserTest(`on ${name} ${script} script the plot fills most of the first screen`, async () => {
      await using watched = await openPage(browser, { ...device, javaScriptEnabled });
      const { page } = watched;
      const shifts = javaScriptEnabled ? await watchShifts(page) : () => Promise.resolve([]);
      await page.goto(`${origin}/charts`);
      const served = await plotOf(page);
      const { height } = page.viewportSize()!;
      const inView = Math.min(height, served.y + served.height) - served.y;
      assert.ok(served.y <= top, `starts at ${served.y} px`);
      assert.ok(inView >= share * height, `${inView} of ${height} px`);
      if (javaScriptEnabled) {
        await untilChartReady(page);
        assert.deepEqual(await plotOf(page), served, "Plotly's plot has the picture's box");
        assert.deepEqual(await shifts(), []);
      }
      assert.deepEqual(await misfitsOf(page), []);
      assert.deepEqual(await watched.problems(), []);
    });
  }
}

browserTest("with text at 200% the page scrolls in one direction only", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, bypassCSP: true });
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await page.addStyleTag({ content: ":root { font-size: 200% }" });
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(scrollWidth <= width, `${scrollWidth} px at ${width} px`);
  }
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  holdEngine,
  openPage,
  untilChartReady,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

/** Height and colour of the drawn area at every second px of the plot. */
const outlineOf = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const path = element as SVGGeometryElement;
    const plot = path.closest(".plot")!.getBoundingClientRect();
    const toOwn = path.getScreenCTM()!.inverse();
    const isIn = (x: number, y: number) =>
      path.isPointInFill(new DOMPoint(plot.x + x, plot.y + y).matrixTransform(toOwn));
    const heightAt = (x: number) => {
      let height = 0;
      while (isIn(x, 480 - 0.5 - height)) height++;
      return height;
    };
    const columns = Array.from({ length: 500 }, (_, i) => heightAt(2 * i + 0.7));
    return { columns, fill: getComputedStyle(path).fill };
  });

browserTest(
  "volume is one stepped area, the same in engine and picture, and empty in gaps",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const letEngineLoad = await holdEngine(page);
    await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`, { waitUntil: "commit" });
    await page.locator(".picture-wide .volume").waitFor({ state: "attached" });
    const picture = await outlineOf(page, ".picture-wide .volume");
    letEngineLoad();
    await untilChartReady(page);
    const area = ".engine .xy2 .fills path";
    assert.equal(await page.locator(area).count(), 1);
    assert.equal(await page.locator(".engine .barlayer path").count(), 0);
    const engine = await outlineOf(page, area);
    assert.equal(engine.fill, picture.fill);
    assert.ok(Math.max(...picture.columns) > 75, "the largest reaches the top of its pane");
    // A step may be on either side of a sampled column: its neighbours count too.
    const near = (height: number, i: number) =>
      [i - 1, i, i + 1].some((at) => Math.abs(height - (picture.columns[at] ?? NaN)) <= 2);
    const other = engine.columns.filter((height, i) => !near(height, i));
    assert.ok(other.length < 5, `${other.length} of 500 columns differ`);
    const gap = (await page.locator(".live .gap-wash").boundingBox())!;
    const { x } = (await page.locator(".plot").boundingBox())!;
    const inGap = [0.1, 0.5, 0.9].map((part) => Math.round((gap.x - x + part * gap.width) / 2));
    for (const { columns } of [picture, engine]) {
      assert.deepEqual(inGap.map((column) => columns[column]), [0, 0, 0]);
    }
    assert.deepEqual(await watched.problems(), []);
  },
);

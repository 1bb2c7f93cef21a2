import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import { fromPlotlyTime } from "../../lib/chart/plotly/kline_figure.ts";
import {
  browserTest,
  DESKTOP,
  openPage,
  PHONE,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

interface Drawn {
  readonly layout: { readonly xaxis: { readonly range: readonly [string, string] } };
}

/** The range shown by the engine, in ms. */
async function rangeOf(page: Page) {
  const [from, to] = await page.evaluate(() =>
    (document.querySelector(".plot .engine") as unknown as Drawn).layout.xaxis.range
  );
  return { from: fromPlotlyTime(from), to: fromPlotlyTime(to) };
}

/** Waits until the engine shows another range than `before`. */
async function untilMoved(page: Page, before: { readonly from: number; readonly to: number }) {
  let last = before;
  for (let still = 0; still < 3;) {
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    const range = await rangeOf(page);
    const isSame = range.from === last.from && range.to === last.to;
    const hasMoved = range.from !== before.from || range.to !== before.to;
    still = isSame && hasMoved ? still + 1 : 0;
    last = range;
  }
  return last;
}

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

/** Moves two fingers at height `y` from one pair of positions to another. */
async function pinch(cdp: CDPSession, y: number, from: Pair, to: Pair): Promise<void> {
  const at = (share: number) =>
    from.map((x, i) => ({ x: x + (to[i]! - x) * share, y: y + i, id: i }));
  await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: at(0) });
  for (let i = 1; i <= 8; i++) {
    await cdp.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: at(i / 8) });
  }
  await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}

type Pair = readonly [left: number, right: number];

browserTest("two fingers zoom around their centre while the chart is explored", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  await open(page, "interval=1h&symbol=BTCUSDT");
  const cdp = await page.context().newCDPSession(page);
  await page.click("[data-key=explore]");
  await untilText(page, "[data-key=explore]", "Done");
  await page.locator(".plot").scrollIntoViewIfNeeded();
  const box = (await page.locator(".live .panes").last().boundingBox())!;
  const y = box.y + 120;
  const timeAt = (range: { from: number; to: number }, x: number) =>
    range.from + (x - box.x) / box.width * (range.to - range.from);

  const before = await rangeOf(page);
  const [apart, near] = [[box.x + 60, box.x + 240], [box.x + 110, box.x + 190]] as const;
  await pinch(cdp, y, near, apart);
  const zoomed = await untilMoved(page, before);
  const factor = (zoomed.to - zoomed.from) / (before.to - before.from);
  assert.ok(Math.abs(factor - 80 / 180) < 0.03, `${factor} of the time`);
  const step = (before.to - before.from) / 65;
  for (const i of [0, 1] as const) {
    const moved = timeAt(zoomed, apart[i]) - timeAt(before, near[i]);
    assert.ok(Math.abs(moved) < step, `finger ${i} kept its candle: ${moved / step} slots`);
  }
  await page.waitForURL(/from=/);
  await pinch(cdp, y, apart, near);
  const wide = await untilMoved(page, zoomed);
  assert.ok(wide.to - wide.from > 1.9 * (zoomed.to - zoomed.from));
  assert.equal(await page.evaluate(() => visualViewport!.scale), 1, "the page was not zoomed");
  assert.deepEqual(await watched.problems(), []);
});

browserTest("before exploring, two fingers control the page", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  await open(page, "interval=1h&symbol=BTCUSDT");
  const cdp = await page.context().newCDPSession(page);
  await page.locator(".plot").scrollIntoViewIfNeeded();
  const box = (await page.locator(".plot").boundingBox())!;
  const before = await rangeOf(page);
  await pinch(cdp, box.y + 120, [box.x + 110, box.x + 190], [box.x + 40, box.x + 260]);
  await page.waitForFunction(() => visualViewport!.scale > 1.3);
  assert.deepEqual(await rangeOf(page), before);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("the wheel with Shift, or a sideways wheel, only moves through time", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page, "from=2024-05-22T00:00Z&interval=1h&symbol=BTCUSDT&to=2024-05-26T00:00Z");
  const box = (await page.locator(".plot").boundingBox())!;
  await page.mouse.move(box.x + 400, box.y + 200);
  await page.waitForLoadState("networkidle"); // the pointer loads the wheel's code
  const before = await rangeOf(page);
  await page.keyboard.down("Shift");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Shift");
  const earlier = await untilMoved(page, before);
  assert.ok(earlier.from < before.from);
  assert.ok(Math.abs(earlier.to - earlier.from - (before.to - before.from)) < 2);
  await page.mouse.wheel(400, 0);
  const later = await untilMoved(page, earlier);
  assert.ok(later.from > before.from);
  assert.equal(await page.evaluate(() => scrollX + scrollY), 0, "the page stayed");
  assert.deepEqual(await watched.problems(), []);
});

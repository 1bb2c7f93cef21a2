import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { parseDecimal } from "../../lib/core/decimal.ts";
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
import { waitFor } from "../../lib/testing/server_process.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, live, origin } = site;

const NEXT = LAST + HOUR_MS;
const decimal = parseDecimal;

const boxes = (page: Page) => page.locator(".boxlayer path.box").count();
const openAt = (close: string) => ({
  openPrice: decimal("4500.00"),
  highPrice: decimal("4700.00"),
  lowPrice: decimal("4400.00"),
  closePrice: decimal(close),
});

/** Opens a page; the stream of the last one is dropped. */
async function openLive(page: Page, query = ""): Promise<void> {
  live.drop();
  await page.goto(`${origin}/charts${query}`);
  await untilChartReady(page);
}

browserTest(
  "the open candle is drawn as open, and only it changes with a tick",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await openLive(page);
    await untilText(page, ".badge", /^Live ?· \d s$/);
    await page.evaluate(() => {
      const plot = document.querySelector(".js-plotly-plot .plot-container")!;
      const seen = { changes: 0 };
      new MutationObserver((all) => seen.changes += all.length)
        .observe(plot, { subtree: true, childList: true, attributes: true });
      Object.assign(globalThis, { seen });
    });
    live.send("tick", toRow(klineAt(NEXT, "1h", openAt("4600.25"))));
    await untilText(page, ".readout-time", /2024-06-01 00:00 UTC ?open/);
    await untilText(page, ".tag-moving", /^4,600\.25\d* ?\d\d:\d\d$/);
    assert.equal(await page.locator(".moving.up .moving-body").count(), 1);
    live.send("tick", toRow(klineAt(NEXT, "1h", openAt("4450.75"))));
    await untilText(page, ".tag-moving", /^4,450\.75/);
    assert.equal(await page.locator(".moving.down .moving-body").count(), 1);
    const dashes = await page.locator(".moving-body").evaluate((body) =>
      getComputedStyle(body).strokeDasharray
    );
    assert.notEqual(dashes, "none");
    assert.equal(await page.evaluate(() => (globalThis as unknown as Seen).seen.changes), 0);
    assert.deepEqual(await watched.problems(), []);
  },
);

interface Seen {
  readonly seen: { readonly changes: number };
}

browserTest("a closed candle is drawn once, and the view stays in place", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await openLive(page);
  await page.click("[data-move=in]");
  await page.waitForURL(/from=/);
  const before = await boxes(page);
  const span = () => page.evaluate(() => new URL(location.href).searchParams.get("from"));
  const from = await span();
  live.send("tick", toRow(klineAt(NEXT, "1h")));
  await page.waitForSelector(".moving", { state: "attached" });
  live.send("close", toRow(klineAt(NEXT, "1h")));
  await page.waitForSelector(".moving", { state: "detached" });
  await untilText(page, ".readout-time", "2024-06-01 00:00 UTC");
  assert.ok(Math.abs(await boxes(page) - before) <= 1, "still zoomed in");
  await page.waitForFunction((from) => !location.href.includes(from!), from);
  assert.doesNotMatch(page.url(), /[?&]to=/, "the newest candle is in view: the chart is live");
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "an earlier range is a frozen view that no stream changes, until the user leaves it",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await openLive(page);
    await untilText(page, ".badge", /^Live/);
    await page.click("[data-move=in]");
    await page.click("[data-move=earlier]");
    await untilText(page, ".badge", /^Frozen view ?· to 2024-05-\d\d/);
    await page.waitForURL(/from=.*&to=/);
    await waitFor(() => live.count === 0);
    const asked = live.asked.length;
    await page.reload();
    await untilChartReady(page);
    await untilText(page, ".badge", /^Frozen view/);
    assert.equal(live.asked.length, asked, "a frozen view asks for no stream");
    await page.click("[data-move=later]");
    await untilText(page, ".badge", /^(Live|Frozen)/);
    assert.deepEqual(await watched.problems(), []);
  },
);

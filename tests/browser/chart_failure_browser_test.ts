import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  openPage,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const NOTE = ".live .chart-note";

/** Loads the engine with `script` after it, which can change the real `Plotly`. */
async function tamperWith(page: Page, script: string): Promise<void> {
  await page.route("**/vendor/**", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()};${script}` });
  });
}

/** Makes the first calls of `method` on the chart throw; the pie is not affected. */
const throwing = (method: string, times: number) =>
  `{
    const real = Plotly.${method};
    let left = ${times};
    Plotly.${method} = (host, ...rest) => {
      if (!host.closest(".plot") || left-- <= 0) return real(host, ...rest);
      host.append("half a plot");
      throw new Error("no room for so much");
    };
  }`;

/** The server's picture responds to pointer and keys. */
async function picturesAnswer(page: Page): Promise<void> {
  assert.ok(await page.locator(".picture-wide .body-up").isVisible());
  const box = (await page.locator(".plot").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 200);
  await page.waitForSelector(".crosshair line", { state: "attached" });
  await untilText(page, ".readout-time", /^(?!2024-05-31 23:00)/);
  await page.mouse.move(box.x, box.y - 100);
  await untilText(page, ".readout-time", /^2024-05-31 23:00/);
  await page.focus(".engine");
  for (const _ of [1, 2]) await page.keyboard.press("ArrowLeft");
  await untilText(page, ".readout-time", /^2024-05-31 22:00/);
}

browserTest("an engine that fails to load is reported, with a retry button", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.route("**/vendor/**", (route) => route.abort());
  await page.goto(`${origin}/charts`);
  await untilText(page, NOTE, /^Basic chart\. Cannot load the chart engine ?Try again$/);
  await picturesAnswer(page);
  assert.ok(await page.locator(".donut").isVisible());
  await page.click(`${NOTE} button`);
  await page.waitForSelector(NOTE, { state: "hidden" });
  await untilText(page, NOTE, /^Basic chart\. Cannot load/);
  await page.unroute("**/vendor/**");
  await page.click(`${NOTE} button`);
  await untilChartReady(page);
  assert.equal(await page.locator(NOTE).isVisible(), false);
  assert.equal(await page.locator(".picture-wide").isVisible(), false);
});

browserTest("an engine that cannot draw leaves the picture, and reports the reason", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await tamperWith(page, throwing("newPlot", 2));
  await page.goto(`${origin}/charts`);
  const words = /^Basic chart\. Cannot draw the chart: no room for so much ?Try again$/;
  await untilText(page, NOTE, words);
  assert.equal(
    await page.locator(".plot .engine").innerHTML(),
    "",
    "nothing half done lies over it",
  );
  await picturesAnswer(page);
  await page.click(`${NOTE} button`);
  await page.waitForSelector(NOTE, { state: "hidden" });
  await untilText(page, NOTE, words);
  await page.click(`${NOTE} button`);
  await untilChartReady(page);
  assert.equal(await page.locator(".boxlayer path.box").count(), 300);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("a later drawing error is reported, and drawing is repeated on request", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await tamperWith(page, throwing("react", 1) + throwing("relayout", 1));
  await page.goto(`${origin}/charts`);
  await untilText(page, NOTE, /^Cannot draw the chart: no room for so much ?Try again$/);
  await page.click(`${NOTE} button`);
  await page.waitForSelector(NOTE, { state: "hidden" });
  assert.ok(await page.locator(".boxlayer path.box").count() >= 300);
  await page.click("[data-move=in]");
  await page.waitForURL(/from=/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "candles that cannot be loaded are reported with the reason, and requested again",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.route("**/api/candles*", (route) => route.fulfill({ status: 503, body: "{}" }));
    await page.goto(`${origin}/charts`);
    await untilText(page, NOTE, /^Basic chart\. Cannot load candles: the server returned 503/);
    assert.ok(await page.locator(".picture-wide .body-up").isVisible());
    await page.unroute("**/api/candles*");
    await page.click(`${NOTE} button`);
    await untilChartReady(page);
    assert.match(await textOf(page, ".live .extremes"), /^high/);
  },
);

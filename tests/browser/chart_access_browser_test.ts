import assert from "node:assert/strict";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import { browserTest, openPage, untilChartReady } from "../../lib/testing/browser/browser.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klineAt, toRow } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, live, origin } = site;

const SIZES = [
  { viewport: { width: 1440, height: 1000 } },
  { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  browserTest(
    `the running chart is accessible and does not shift, in the ${colorScheme}`,
    async () => {
      for (const size of SIZES) {
        await using watched = await openPage(browser, {
          ...size,
          colorScheme,
          reducedMotion: "reduce",
          forcedColors: "none",
        });
        const { page } = watched;
        await page.addInitScript(() => {
          const seen = { shift: 0 };
          Object.assign(globalThis, { seen });
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as unknown as { value: number }[]) {
              seen.shift += entry.value;
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        live.drop();
        await page.goto(`${origin}/charts?interval=1h&overlays=rsi14,sma20&symbol=BTCUSDT`);
        await untilChartReady(page);
        live.send("tick", toRow(klineAt(LAST + 3_600_000, "1h")));
        await page.waitForSelector(".moving", { state: "attached" });
        const { shift } = await page.evaluate(() => (globalThis as unknown as Seen).seen);
        assert.ok(
          shift < 5e-5,
          `${shift}: nothing moves when Plotly takes over and the market speaks`,
        );
        assert.deepEqual(await seriousProblems(page), []);
        const motion = await page.locator(".button").first().evaluate((button) =>
          getComputedStyle(button).transitionDuration
        );
        assert.equal(motion, "0s");
        if (size === SIZES[0]) {
          await page.keyboard.press("?");
          await page.waitForSelector("dialog[open]");
          assert.deepEqual(await seriousProblems(page), []);
        }
        assert.deepEqual(await watched.problems(), []);
      }
    },
  );
}

interface Seen {
  readonly seen: { readonly shift: number };
}

browserTest(
  "with forced colours marks stay distinguishable and the chart becomes interactive",
  async () => {
    await using watched = await openPage(browser, { ...SIZES[0], forcedColors: "active" });
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=4h&symbol=BTCUSDT`);
    await untilChartReady(page);
    const adjust = await page.locator(".js-plotly-plot").first().evaluate((plot) =>
      getComputedStyle(plot).forcedColorAdjust
    );
    assert.equal(adjust, "none");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("a user with Save-Data is asked before the engine is loaded", async () => {
  await using watched = await openPage(browser, SIZES[1]);
  const { page } = watched;
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "connection", { value: { saveData: true } });
  });
  await page.goto(`${origin}/charts?interval=4h&symbol=BTCUSDT`);
  await page.locator(".plot").tap();
  await page.waitForSelector(".live[data-known]", { state: "attached" });
  assert.equal(await page.locator("script[src*=plotly]").count(), 0);
  await page.click(".chart-note button");
  await untilChartReady(page);
  assert.deepEqual(await watched.problems(), []);
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { fromPlotlyTime } from "../../lib/chart/plotly/kline_figure.ts";
import { DAY_MS, HOUR_MS } from "../../lib/core/time.ts";
import {
  browserTest,
  DESKTOP,
  openPage,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klinesFrom } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, origin } = site;
await app.addKlines("SOLUSDT", "1h", klinesFrom("2024-03-29", "1h", 96));

interface Drawn {
  readonly layout: {
    readonly xaxis: { readonly tickvals: readonly string[]; readonly ticktext: readonly string[] };
  };
}

async function open(page: Page, query: string): Promise<void> {
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

/** Ticks of the engine's time axis: positions in UTC, and labels. */
async function ticksOf(page: Page) {
  const { tickvals, ticktext } = await page.evaluate(() => {
    const { xaxis } = (document.querySelector(".plot .engine") as unknown as Drawn).layout;
    return { tickvals: [...xaxis.tickvals], ticktext: [...xaxis.ticktext] };
  });
  return tickvals.map((value, i) => ({ time: fromPlotlyTime(value), text: ticktext[i]! }));
}

browserTest(
  "with the local clock, axis and readout use the local time zone, and files stay in UTC",
  async () => {
    const [hours, offset] = ["UTC+5:30", 5.5 * HOUR_MS];
    await using watched = await openPage(browser, { ...DESKTOP, timezoneId: "Asia/Kolkata" });
    const { page } = watched;
    await open(page, "from=2024-05-30T00:00Z&interval=1h&symbol=BTCUSDT&tz=local");
    assert.equal(await textOf(page, ".readout-time"), `2024-06-01 04:30 ${hours}`);
    const ticks = await ticksOf(page);
    assert.ok(ticks.length > 5);
    for (const { time, text } of ticks) {
      const local = time + offset;
      assert.equal(local % HOUR_MS, 0, `${text} is a full hour there`);
      const clock = `${Math.floor(local % DAY_MS / HOUR_MS)}`.padStart(2, "0") + ":00";
      if (text.includes(":")) assert.equal(text, clock);
      else assert.equal(local % DAY_MS, 0, `${text} begins there`);
    }
    const box = (await page.locator(".plot").boundingBox())!;
    await page.mouse.move(box.x + 500, box.y + 200);
    await page.waitForSelector(".crosshair line", { state: "attached" });
    await untilText(page, ".live .axis-time .tag text", /^2024-05-\d\d \d\d:30$/);
    await untilText(page, ".readout-time", /^2024-05-\d\d \d\d:30 UTC\+5:30$/);
    assert.match(await textOf(page, "#table-rows th"), /^2024-05-31 23:00$/);
    assert.match(await textOf(page, ".candles thead th"), /^Open time, UTC$/);
    await page.click("[data-move=in]");
    await page.waitForURL(/from=2024-05-3\dT\d\d:00Z&.*&tz=local$/);
    const csv = await page.locator("a[data-key=csv]").getAttribute("href");
    const file = await (await fetch(new URL(csv!, origin))).text();
    assert.match(file.split("\n").at(-2)!, /^2024-05-31T23:00:00\.000Z,/);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "on both sides of a clock change the ticks are full local hours",
  async () => {
    await using watched = await openPage(browser, { ...DESKTOP, timezoneId: "Europe/Berlin" });
    const { page } = watched;
    await open(
      page,
      "from=2024-03-30T12:00Z&interval=1h&symbol=SOLUSDT&to=2024-04-01T12:00Z&tz=local",
    );
    const ticks = await ticksOf(page);
    const change = Date.parse("2024-03-31T01:00Z");
    const sides = { before: 0, after: 0 };
    for (const { time, text } of ticks) {
      const isBefore = time < change;
      sides[isBefore ? "before" : "after"]++;
      const local = time + (isBefore ? HOUR_MS : 2 * HOUR_MS);
      const clock = `${Math.floor(local % DAY_MS / HOUR_MS)}`.padStart(2, "0") + ":00";
      if (text.includes(":")) assert.equal(text, clock);
      else assert.equal(local % DAY_MS, 0, text);
    }
    assert.ok(sides.before > 1 && sides.after > 1, JSON.stringify(sides));
    await page.focus(".plot .engine");
    await page.keyboard.press("Home");
    await untilText(page, ".readout-time", "2024-03-30 13:00 UTC+1");
    await page.keyboard.press("End");
    await untilText(page, ".readout-time", "2024-04-01 13:00 UTC+2");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("without that setting, or in a local time zone of UTC, times are UTC", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, timezoneId: "Asia/Kolkata" });
  const { page } = watched;
  await open(page, "interval=1h&symbol=BTCUSDT");
  assert.equal(await textOf(page, ".readout-time"), "2024-05-31 23:00 UTC");
  for (const { time } of await ticksOf(page)) assert.equal(time % HOUR_MS, 0);
  await page.click("nav[aria-label=Clock] a:has-text('Local')");
  await page.waitForURL(/tz=local/);
  await untilText(page, ".readout-time", "2024-06-01 04:30 UTC+5:30");
  await using plain = await openPage(browser, { ...DESKTOP, timezoneId: "UTC" });
  await open(plain.page, "interval=1h&symbol=BTCUSDT&tz=local");
  assert.equal(await textOf(plain.page, ".readout-time"), "2024-05-31 23:00 UTC");
});

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { HOUR_MS } from "../../lib/core/time.ts";
import {
  browserTest,
  DESKTOP,
  openPage,
  PHONE,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { watchShifts } from "../../lib/testing/browser/layout_shifts.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

/** Stored hours: 400, with six missing. */
const [FIRST, END] = [LAST - 399 * HOUR_MS, LAST + HOUR_MS];

async function open(page: Page, query = "interval=1h&symbol=BTCUSDT"): Promise<void> {
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

/** Range in the page's URL. */
const rangeOf = (page: Page) => {
  const { searchParams } = new URL(page.url());
  const timeOf = (name: string) => {
    const text = searchParams.get(name);
    return text === null ? undefined : Date.parse(text);
  };
  return { from: timeOf("from"), to: timeOf("to") };
};

/** Position on the page of a time on the strip. */
async function placeOf(page: Page, time: number) {
  const box = (await page.locator(".strip-picture").boundingBox())!;
  return { x: box.x + (time - FIRST) / (END - FIRST) * box.width, y: box.y + 20 };
}

const valueOf = (page: Page, name: string) =>
  page.locator(`.strip-form input[name=${name}]`).evaluate((input) =>
    (input as HTMLInputElement).valueAsNumber
  );

browserTest("keys on a handle move one end of the visible range, and announce it", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  const shifts = await watchShifts(page);
  await open(page);
  const from = page.locator(".strip-form input[name=from]");
  await from.focus();
  await page.waitForSelector(".strip-form input[aria-valuetext]");
  assert.equal(await from.getAttribute("aria-valuetext"), "2024-05-19 05:35 UTC");
  await page.keyboard.press("Home");
  await untilText(page, "#chart-summary", /^From 2024-05-15 08:00 UTC to 2024-05-31 23:00 UTC,/);
  assert.deepEqual(
    rangeOf(page),
    { from: FIRST, to: undefined },
    "the newest candle is in view: live",
  );
  for (let i = 0; i < 100; i++) await page.keyboard.press("ArrowRight");
  await untilText(page, "#chart-summary", /^From 2024-05-18 16:00 UTC to 2024-05-31 23:00 UTC,/);

  await page.focus(".strip-form input[name=to]");
  for (let i = 0; i < 10; i++) await page.keyboard.press("PageDown");
  await untilText(page, ".badge", /^Frozen view/);
  await page.waitForURL(() => (rangeOf(page).to ?? END) < END - 100 * HOUR_MS);
  await page.keyboard.press("End");
  await untilText(page, ".badge", /^Live/);
  assert.deepEqual(await shifts(), []);
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "a handle can be dragged, a place on the strip clicked, and both follow the chart",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await open(page);
    const before = await valueOf(page, "from");
    const handle = await placeOf(page, END);
    const goal = await placeOf(page, END - 160 * HOUR_MS);
    await page.mouse.move(handle.x + 5, handle.y);
    await page.mouse.down();
    await page.mouse.move(goal.x + 5, goal.y, { steps: 8 });
    await page.mouse.up();
    const isNear = (a: number, b: number) => Math.abs(a - b) <= 2 * HOUR_MS;
    const untilRange = (from: number, to: number) =>
      page.waitForURL(({ searchParams }) =>
        isNear(Date.parse(searchParams.get("from") ?? ""), from) &&
        isNear(Date.parse(searchParams.get("to") ?? ""), to)
      );
    await untilRange(before, END - 160 * HOUR_MS); // the other end did not change

    const [half, middle] = [(END - 160 * HOUR_MS - before) / 2, FIRST + 150 * HOUR_MS];
    const place = await placeOf(page, middle);
    await page.mouse.click(place.x, place.y);
    await untilRange(middle - half, middle + half);

    await page.click("[data-move=in]");
    await page.waitForFunction((to) => {
      const inputs = document.querySelectorAll<HTMLInputElement>(".strip-form input[type=range]");
      return inputs[1]!.valueAsNumber - inputs[0]!.valueAsNumber < to;
    }, half * 1.2);
    const view = (await page.locator(".strip-view").boundingBox())!;
    const [left, right] = await Promise.all(
      ["from", "to"].map(async (name) => (await placeOf(page, await valueOf(page, name))).x),
    );
    assert.ok(Math.abs(view.x - left!) < 4 && Math.abs(view.x + view.width - right!) < 4);
    assert.equal(await page.locator(".strip-show").count(), 0, "nothing has to be sent");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("a finger drags a handle sideways, and vertically scrolls the page", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  await open(page);
  await page.locator(".strip").scrollIntoViewIfNeeded();
  await page.waitForSelector(".strip-form input[aria-valuetext]");
  const cdp = await page.context().newCDPSession(page);
  const swipe = async (from: { x: number; y: number }, dx: number, dy: number) => {
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", share: number) =>
      cdp.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd"
          ? []
          : [{ x: from.x + dx * share, y: from.y + dy * share }],
      });
    await touch("touchStart", 0);
    for (let i = 1; i <= 6; i++) await touch("touchMove", i / 6);
    await touch("touchEnd", 1);
  };
  const handle = await placeOf(page, await valueOf(page, "from"));
  await swipe({ x: handle.x - 12, y: handle.y }, -90, 0);
  await page.waitForURL(/from=/);
  const { from, to } = rangeOf(page);
  assert.ok(from! < END - 150 * HOUR_MS && to === undefined, page.url());
  const top = await page.evaluate(() => scrollY);
  const other = await placeOf(page, FIRST + 30 * HOUR_MS);
  await swipe(other, 0, -120);
  await page.waitForFunction((top) => scrollY > top + 40, top);
  assert.match(await textOf(page, ".badge"), /^(Live|Fresh)/);
  assert.deepEqual(await watched.problems(), []);
});

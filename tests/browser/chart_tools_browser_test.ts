import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  openPage,
  PHONE,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const rangeOf = (page: Page) =>
  page.evaluate(() => {
    const { xaxis } = (document.querySelector(".engine") as unknown as Drawn).layout;
    return xaxis.range.map((text) => Date.parse(`${text.replace(" ", "T")}Z`));
  });

interface Drawn {
  readonly layout: {
    readonly xaxis: { readonly range: string[] };
    readonly dragmode: string | false;
    readonly yaxis: { readonly range: number[]; readonly type: string };
  };
}

browserTest(
  "measure, picture, link, code and shortcuts are reachable by mouse and keyboard",
  async () => {
    await using watched = await openPage(browser, {
      ...DESKTOP,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=4h&symbol=BTCUSDT`);
    await untilChartReady(page);
    const box = (await page.locator(".plot").boundingBox())!;

    await page.keyboard.press("m");
    await page.waitForSelector(".measure");
    await page.mouse.move(box.x + 300, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 600, box.y + 100, { steps: 3 });
    await page.mouse.up();
    await untilText(page, ".measure [role=status]", /^\+\d+\.\d\d%, \+.*, \d+ bars, \d+ d/);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".measure", { state: "detached" });

    const download = page.waitForEvent("download");
    await page.keyboard.press("p");
    const picture = await download;
    assert.match(picture.suggestedFilename(), /^BTCUSDT_4h_2024-05-01_2024-05-31_UTC\.png$/);
    const bytes = await buffer(await picture.createReadStream());
    assert.deepEqual([...bytes.slice(1, 4)], [0x50, 0x4e, 0x47]);
    assert.ok(bytes.length > 20_000);

    await page.click("[data-move=in]");
    await page.waitForURL(/from=2024-05-16T12:00Z/);
    await untilText(page, "[data-key=csv] small", "93 rows");
    await page.keyboard.press("c");
    await untilText(page, "[data-key=copy]", "Copied");
    const href = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(href, `${origin}/charts?from=2024-05-16T12:00Z&interval=4h&symbol=BTCUSDT`);

    await page.click(".menu-api summary");
    await page.click("[role=tab]:has-text('Deno')");
    await untilText(
      page,
      ".menu-api pre",
      /from=2024-05-16T12:00Z&to=2024-06-01T00:00Z&format=json/,
    );
    await page.click(".menu-api .copy");
    await untilText(page, ".menu-api .copy [aria-live]", "Copied");
    await page.click(".menu-api summary");

    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await page.click(".switch input");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await page.keyboard.press("m");
    assert.equal(await page.locator(".measure").count(), 0, "single keys are off");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("the wheel scrolls the page, and with Ctrl zooms around the pointer", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts?interval=4h&symbol=BTCUSDT`);
  await untilChartReady(page);
  const box = (await page.locator(".plot").boundingBox())!;
  const before = await rangeOf(page);
  await page.mouse.move(box.x + 400, box.y + 200);
  await page.waitForLoadState("networkidle"); // the pointer loads the wheel's code
  await page.mouse.wheel(0, 200);
  await page.waitForFunction(() => scrollY > 0);
  assert.deepEqual(await rangeOf(page), before);
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await page.waitForURL(/from=/);
  const after = await rangeOf(page);
  assert.ok(after[0]! > before[0]! && after[1]! < before[1]!, "both edges came nearer");
  assert.equal(await page.evaluate(() => scrollY), 0);
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "too many candles switch to a longer interval, which a click keeps; log scale refits",
  async () => {
    await using watched = await openPage(browser, PHONE);
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT&scale=log`);
    await untilChartReady(page);
    for (let i = 0; i < 3; i++) await page.click("[data-move=out]");
    await untilText(page, ".auto-interval", "4h (auto)");
    const drawn = await page.locator(".boxlayer path.box").count();
    assert.ok(drawn > 60 && drawn <= 200, `${drawn} candles`);
    const [low, high] = await page.evaluate(() =>
      (document.querySelector(".engine") as unknown as Drawn).layout.yaxis.range
    );
    assert.ok(low! > 3.5 && high! < 3.8, "powers of ten about what is in view");
    await page.click(".auto-interval");
    await page.waitForURL(/interval=4h&pin=1&/);
    await untilChartReady(page);
    assert.equal(await page.locator(".auto-interval").count(), 0);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("a finger scrolls the page until exploring is switched on", async () => {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
  await untilChartReady(page);
  const plot = page.locator(".plot");
  await plot.scrollIntoViewIfNeeded();
  const cdp = await page.context().newCDPSession(page);
  const swipe = async (dx: number, dy: number) => {
    const box = (await plot.boundingBox())!;
    const [x, y] = [box.x + 200, box.y + 250];
    const points = (x: number, y: number) => ({ touchPoints: [{ x, y }] });
    await cdp.send("Input.dispatchTouchEvent", { type: "touchStart", ...points(x, y) });
    for (let i = 1; i <= 5; i++) {
      const at = points(x + dx * i / 5, y + dy * i / 5);
      await cdp.send("Input.dispatchTouchEvent", { type: "touchMove", ...at });
    }
    await cdp.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  };
  const before = await rangeOf(page);
  const top = await page.evaluate(() => scrollY);
  await swipe(0, -200);
  await page.waitForFunction((top) => scrollY > top + 50, top);
  assert.deepEqual(await rangeOf(page), before);
  await page.click("[data-key=explore]");
  await untilText(page, "[data-key=explore]", "Done");
  await page.waitForFunction(() =>
    getComputedStyle(document.querySelector(".live .engine")!).touchAction === "none"
  );
  await plot.scrollIntoViewIfNeeded();
  await swipe(120, 0);
  await page.waitForURL(/from=.*&to=/);
  const after = await rangeOf(page);
  assert.ok(after[1]! < before[1]!, "moved to earlier candles");
  assert.match(await textOf(page, ".badge"), /Frozen view/);
  assert.deepEqual(await watched.problems(), []);
});

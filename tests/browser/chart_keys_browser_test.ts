import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  DESKTOP,
  openPage,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klinesFrom } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, origin } = site;
await app.addKlines("BTCUSDT", "1d", klinesFrom("2024-01-01", "1d", 152));

const searchOf = (page: Page) => new URL(page.url()).search;

async function open(page: Page, query = "interval=1h&symbol=BTCUSDT"): Promise<void> {
  await page.goto(`${origin}/charts?${query}`);
  await untilChartReady(page);
}

browserTest("1, 4 and D select intervals, L the scale, each with its own URL", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page);
  const goals = [
    ["4", "?interval=4h&symbol=BTCUSDT"],
    ["d", "?interval=1d&symbol=BTCUSDT"],
    ["1", "?interval=1h&symbol=BTCUSDT"],
    ["l", "?interval=1h&scale=log&symbol=BTCUSDT"],
    ["L", "?interval=1h&symbol=BTCUSDT"],
  ] as const;
  for (const [key, search] of goals) {
    await page.keyboard.press(key);
    await page.waitForURL(`${origin}/charts${search}`);
    await untilChartReady(page);
  }
  assert.deepEqual(await watched.problems(), []);
});

browserTest("+, - and 0 zoom in, zoom out and reset, wherever the focus is", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page);
  for (const place of [".brand", ".engine"]) {
    await page.focus(place);
    await page.keyboard.press("+");
    await page.waitForURL(/from=2024-05-25/);
    await page.keyboard.press("-");
    await page.waitForURL((url) => !/from=2024-05-25/.test(url.search));
    await page.keyboard.press("0");
    await page.waitForURL((url) => !url.searchParams.has("from"));
  }
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "S and P download files, C copies the link, / focuses the symbol, T changes the theme",
  async () => {
    await using watched = await openPage(browser, {
      ...DESKTOP,
      colorScheme: "light",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const { page } = watched;
    await open(page, "interval=4h&symbol=BTCUSDT");
    for (
      const [key, name] of [["s", /^BTCUSDT-4h.*\.csv$/], ["p", /^BTCUSDT_4h_.*\.png$/]] as const
    ) {
      const download = page.waitForEvent("download");
      await page.keyboard.press(key);
      assert.match((await download).suggestedFilename(), name);
    }
    await page.keyboard.press("c");
    await untilText(page, "[data-key=copy]", "Copied");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url());

    const themes = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("t");
      themes.push(await page.evaluate(() => document.documentElement.dataset.theme ?? "auto"));
    }
    assert.deepEqual(themes, ["light", "dark", "auto"]);

    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement?.id === "symbol-search");
    await page.keyboard.type("1m/");
    assert.equal(await page.inputValue("#symbol-search"), "1m/", "what is typed is text");
    assert.equal(await page.locator(".measure").count(), 0);
    assert.equal(searchOf(page), "?interval=4h&symbol=BTCUSDT");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("keys with Ctrl, Alt or ⌘ are left to the browser", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page);
  await page.evaluate(() => {
    const seen: boolean[] = [];
    Object.assign(globalThis, { seen });
    addEventListener("keydown", (event) => seen.push(event.defaultPrevented));
  });
  for (const modifier of ["Control", "Alt", "Meta"]) {
    for (const key of ["m", "l", "4", "+"]) await page.keyboard.press(`${modifier}+${key}`);
  }
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: boolean[] }).seen);
  assert.ok(seen.length >= 24 && seen.every((isTaken) => !isTaken));
  assert.equal(await page.locator(".measure").count(), 0);
  assert.equal(searchOf(page), "?interval=1h&symbol=BTCUSDT");
});

browserTest("M measures, and Esc closes the measurement, a menu, and full screen", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await open(page);
  await page.keyboard.press("m");
  await page.waitForSelector(".measure");
  await page.keyboard.press("m");
  await page.waitForSelector(".measure", { state: "detached" });
  await page.keyboard.press("m");
  await page.waitForSelector(".measure");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".measure", { state: "detached" });

  await page.click("summary:has-text('Dates')");
  await page.focus("#from-day");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".menu[open]", { state: "detached" });
  assert.match(await page.evaluate(() => document.activeElement!.textContent!), /Dates/);

  await page.evaluate(() => {
    Element.prototype.requestFullscreen = () => Promise.reject(new TypeError("not here"));
  });
  await page.keyboard.press("f");
  const position = () =>
    page.evaluate(() => getComputedStyle(document.querySelector(".chart")!).position);
  await page.waitForSelector(".chart-tools[data-filling]");
  assert.equal(await position(), "fixed");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".chart-tools:not([data-filling])");
  assert.notEqual(await position(), "fixed");
  assert.deepEqual(await watched.problems(), []);
});

browserTest(
  "F shows the chart in full screen, redrawn to its size, and leaves it again",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await open(page);
    const sizes = () =>
      page.evaluate(() => {
        const { width, height } = document.querySelector(".plot")!.getBoundingClientRect();
        const drawn = document.querySelector(".plot .main-svg")!.getBoundingClientRect();
        return { width, height, drawn: [drawn.width, drawn.height] };
      });
    const untilDrawn = () =>
      page.waitForFunction(() => {
        const plot = document.querySelector(".plot")!.getBoundingClientRect();
        const drawn = document.querySelector(".plot .main-svg")!.getBoundingClientRect();
        return Math.abs(plot.width - drawn.width) < 2 && Math.abs(plot.height - drawn.height) < 2;
      });
    const before = await sizes();
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.fullscreenElement?.matches(".chart"));
    await page.waitForFunction(
      (width) => document.querySelector(".plot")!.getBoundingClientRect().width > width + 100,
      before.width,
    );
    await untilDrawn();
    assert.ok(await page.locator("[data-move=in]").isVisible(), "controls came along");
    const box = (await page.locator(".plot").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    await page.waitForSelector(".crosshair line", { state: "attached" });
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.waitForFunction(
      (width) => document.querySelector(".plot")!.getBoundingClientRect().width === width,
      before.width,
    );
    await untilDrawn();
    assert.deepEqual(await sizes(), before);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "? opens a dialog that keeps the focus, lists every key, and returns the focus",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await open(page);
    await page.focus("[data-key=png]");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.closest("dialog") ? activeElement.outerHTML : "outside";
      });
    const stops = new Set<string>();
    for (const key of ["Tab", "Shift+Tab"]) {
      for (let i = 0; i < 7; i++) {
        await page.keyboard.press(key);
        const at = await focused();
        assert.notEqual(at, "outside", `${key} ${i + 1}`);
        stops.add(at);
      }
    }
    assert.equal(stops.size, 2, "the switch and the button");
    const keys = await page.locator("dialog kbd").allInnerTexts();
    for (const key of "1 4 D / + - 0 L M F C S P T ? Esc".split(" ")) {
      assert.ok(keys.includes(key), `${key} is listed`);
    }
    await page.keyboard.press("m");
    assert.equal(await page.locator(".measure").count(), 0, "the page behind it rests");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    const back = await page.evaluate(() => document.activeElement!.getAttribute("data-key"));
    assert.equal(back, "png");
    assert.deepEqual(await watched.problems(), []);
  },
);

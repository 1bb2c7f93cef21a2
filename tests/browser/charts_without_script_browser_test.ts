import assert from "node:assert/strict";
import { browserTest, DESKTOP, openPage, textOf } from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

browserTest(
  "without script dates, typed overlays and the history handles are forms",
  async () => {
    await using watched = await openPage(browser, { ...DESKTOP, javaScriptEnabled: false });
    const { page } = watched;
    await page.goto(`${origin}/charts`);
    await page.click("summary:has-text('Dates')");
    await page.fill("#from-day", "2024-05-25");
    await page.fill("#to-day", "2024-05-27");
    await page.click(".menu[open] button");
    await page.waitForURL(/from=2024-05-25&to=2024-05-27/);
    assert.match(await textOf(page, ".summary"), /48 closed candles, none missing/);
    await page.click(".menu-overlays summary");
    await page.fill("#overlay-list", "sma7,rsi21");
    await page.click(".menu-overlays button");
    await page.waitForURL(/overlays=sma7(,|%2C)rsi21/);
    assert.match(await textOf(page, ".chips"), /SMA 7 .*RSI 21/);
    await page.click(".menu-types summary");
    await page.click(".menu[open] a:has-text('Baseline')");
    await page.waitForURL(/overlays=sma7(,|%2C)rsi21.*&type=baseline/);
    assert.equal(await page.locator(".picture-wide .price-line").count(), 2);
    await page.focus(".strip-form input[name=from]");
    await page.keyboard.press("Home");
    await page.click(".strip-show");
    await page.waitForURL((url) => Number(url.searchParams.get("from")) > 1e12);
    assert.match(await textOf(page, ".summary"), /From 2024-05-15 08:00 UTC/);
    await page.goto(`${origin}/charts?from=2024-05-27T01:00Z&to=2024-05-27T02:00Z&interval=1h`);
    await page.focus(".strip-form input[name=from]");
    await page.click(".strip-show");
    await page.waitForURL(/from=\d+&to=\d+$/);
    assert.match(
      await textOf(page, ".summary"),
      /From 2024-05-27 01:00 UTC/,
      "no less than before",
    );
  },
);

browserTest("without script colours and themes come from the stylesheet", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, javaScriptEnabled: false });
  const { page } = watched;
  const stroke = async (query: string, colorScheme: "light" | "dark") => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${origin}/charts?${query}`);
    return await page.locator(".picture-wide .body-up").evaluate((bodies) => {
      const strokes = [bodies, bodies.querySelector(".filling")!].map((one) =>
        getComputedStyle(one).stroke
      );
      return strokes.join(" ");
    });
  };
  const looks = [
    "",
    "theme=dark",
    "colors=blue",
    "colors=inverse",
    "candles=hollow",
    "candles=solid",
  ];
  const found = new Set<string>();
  for (const look of looks) found.add(await stroke(look, "light"));
  assert.equal(found.size, looks.length, [...found].join());
  assert.equal(await stroke("", "dark"), await stroke("theme=dark", "light"));
  assert.equal(await stroke("theme=light", "dark"), await stroke("", "light"));
});

browserTest("a unit of the picture is a px on desktops, so that its edges are sharp", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, javaScriptEnabled: false });
  const { page } = watched;
  const heights: number[] = [];
  for (const query of ["", "?overlays=rsi14"]) {
    await page.goto(`${origin}/charts${query}`);
    const picture = page.locator(".picture-wide");
    const units = await picture.locator(".marks").getAttribute("viewBox");
    const { height } = (await picture.locator(".panes").boundingBox())!;
    assert.equal(Number(units!.split(" ")[3]), height, query);
    heights.push(height);
  }
  assert.deepEqual(heights, [480, 560]);
});

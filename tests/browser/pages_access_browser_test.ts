import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { seriousProblems } from "../../lib/testing/axe.ts";
import {
  browserTest,
  openBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from "../../lib/testing/browser.ts";
import { openOverviewSite } from "../../lib/testing/overview_site.ts";

// The pages as the server makes them: the app's scripts never come.
const site = await openOverviewSite();
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  (request) => site.app.handler(request),
);
const origin = `http://127.0.0.1:${server.addr.port}`;
const browser = await openBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await server.shutdown();
  await site.close();
});

const CHART = "/charts?interval=1h&overlays=sma20,bb20,vwap,rsi14&symbol=BTCUSDT";
const DESK = { viewport: { width: 1440, height: 900 } };

async function openWithoutApp(options: BrowserContextOptions): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.page.route("**/*.js", (route) => route.abort());
  return watched;
}

/** All but the scripts that were kept away. */
async function problemsOf(watched: WatchedPage): Promise<string[]> {
  return (await watched.problems()).filter((problem) => !problem.includes("net::ERR_FAILED"));
}

for (const [name, device] of [["a desk", DESK], ["a phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(
      `without its scripts every page keeps nobody out, on ${name}, ${colorScheme}`,
      async () => {
        await using watched = await openWithoutApp({ ...device, colorScheme });
        const { page } = watched;
        for (const colors of ["", "blue", "inverse"]) {
          for (const path of [CHART, "/markets", "/markets?view=bars", "/status", "/docs"]) {
            if (colors !== "" && (path === "/docs" || path === "/status")) continue;
            const look = colors && `${path.includes("?") ? "&" : "?"}colors=${colors}`;
            await page.goto(`${origin}${path}${look}`);
            assert.deepEqual(await seriousProblems(page), [], `${path} ${colors}`);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= device.viewport.width, `${path} is ${width} wide`);
          }
        }
        assert.deepEqual(await problemsOf(watched), []);
      },
    );
  }

  browserTest(`without its scripts the chart's menus keep nobody out, on ${name}`, async () => {
    await using watched = await openWithoutApp({ ...device, colorScheme: "dark" });
    const { page } = watched;
    await page.goto(`${origin}${CHART}`);
    for (const menu of await page.locator("details.menu").all()) {
      await menu.locator("summary").click();
      assert.deepEqual(await seriousProblems(page), [], await menu.innerText());
      await menu.locator("summary").click();
    }
    assert.deepEqual(await problemsOf(watched), []);
  });
}

/** How far two colours are apart, as WCAG counts; both as `rgb(…)`. */
function contrast(a: string, b: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = color.match(/[\d.]+/g)!.map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark, bright] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (bright! + 0.05) / (dark! + 0.05);
}

browserTest("the tag of a price can be read, in every look, and when it is stale", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    await using watched = await openWithoutApp({ ...DESK, colorScheme });
    const { page } = watched;
    for (const hours of [0, 9]) {
      site.app.world.serverTime += hours * 3_600_000;
      for (const colors of ["", "&colors=blue", "&colors=inverse"]) {
        for (const symbol of ["BTCUSDT", "ETHUSDT", "ADAUSDT"]) {
          await page.goto(`${origin}/charts?interval=1h&symbol=${symbol}${colors}`);
          const [text, ground] = await page.locator(".picture-wide .tag").evaluate((tag) =>
            ["text", "rect"].map((part) => getComputedStyle(tag.querySelector(part)!).fill)
          ) as [string, string];
          const ratio = contrast(text, ground);
          assert.ok(ratio >= 4.5, `${colorScheme}${colors} ${symbol}, ${hours} h: ${ratio}`);
        }
      }
      site.app.world.serverTime -= hours * 3_600_000;
    }
  }
});

browserTest("without its scripts errors and empty charts keep nobody out", async () => {
  await using watched = await openWithoutApp({ ...PHONE, colorScheme: "light" });
  const { page } = watched;
  const paths = [
    "/charts?colors=green",
    "/charts?symbol=NOPEUSDT",
    "/nowhere",
    "/charts?from=2030-01-01",
    "/charts?tz=local&candles=hollow",
    "/status?page=900",
    "/status?class=delisted",
  ];
  for (const path of paths) {
    await page.goto(`${origin}${path}`);
    assert.deepEqual(await seriousProblems(page), [], path);
  }
  const problems = await problemsOf(watched);
  assert.deepEqual(problems.filter((problem) => !/status of 40[04]/.test(problem)), []);
});

import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import {
  browserTest,
  openInBrowser,
  openPage,
  PHONE,
  type WatchedPage,
} from "../../lib/testing/browser/browser.ts";
import { openOverviewSite } from "../../lib/testing/browser/overview_site.ts";

// The pages as the server renders them: the app's scripts are blocked.
const site = await openOverviewSite();
const { browser, origin, close } = await openInBrowser(site.app, site.close);
Deno.test.afterAll(close);

const CHART = "/charts?interval=1h&overlays=sma20,bb20,vwap,rsi14&symbol=BTCUSDT";
const DESK = { viewport: { width: 1440, height: 900 } };

/** Without transitions: axe would see colours between two schemes. */
async function openWithoutApp(options: BrowserContextOptions): Promise<WatchedPage> {
  const watched = await openPage(browser, { ...options, reducedMotion: "reduce" });
  await watched.page.route("**/*.js", (route) => route.abort());
  return watched;
}

/** Problems other than the blocked scripts. */
async function problemsOf(watched: WatchedPage): Promise<string[]> {
  return (await watched.problems()).filter((problem) => !problem.includes("net::ERR_FAILED"));
}

const SCHEMES = ["light", "dark"] as const;

for (const [name, device] of [["a desk", DESK], ["a phone", PHONE]] as const) {
  browserTest(
    `every page without its scripts passes axe on ${name}, in every scheme and palette`,
    async () => {
      await using watched = await openWithoutApp(device);
      const { page } = watched;
      for (const colors of ["", "blue", "inverse"]) {
        for (
          const path of [
            CHART,
            "/markets",
            "/markets?view=bars",
            "/markets?view=treemap",
            "/universe",
            "/status",
            "/docs",
          ]
        ) {
          if (colors !== "" && (path === "/docs" || path === "/status")) continue;
          const look = colors && `${path.includes("?") ? "&" : "?"}colors=${colors}`;
          await page.goto(`${origin}${path}${look}`);
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            const colorsOnly = colors !== "" || colorScheme !== "light";
            const problems = await seriousProblems(page, { colorsOnly });
            assert.deepEqual(problems, [], `${path} ${colors} ${colorScheme}`);
          }
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(width <= device.viewport.width, `${path} is ${width} wide`);
        }
      }
      assert.deepEqual(await problemsOf(watched), []);
    },
  );

  browserTest(`the chart's menus without its scripts pass axe on ${name}`, async () => {
    await using watched = await openWithoutApp({ ...device, colorScheme: "dark" });
    const { page } = watched;
    await page.goto(`${origin}${CHART}`);
    for (const menu of await page.locator("details.menu").all()) {
      await menu.locator("summary").click();
      const problems = await seriousProblems(page, { within: "details.menu[open]" });
      assert.deepEqual(problems, [], await menu.innerText());
      await menu.locator("summary").click();
    }
    assert.deepEqual(await problemsOf(watched), []);
  });
}

/** The contrast ratio of WCAG between two colours, both as `rgb(…)`. */
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

browserTest(
  "the price tag has enough contrast in every scheme and palette, also when stale",
  async () => {
    await using watched = await openWithoutApp(DESK);
    const { page } = watched;
    for (const hours of [0, 9]) {
      site.app.world.serverTime += hours * 3_600_000;
      for (const colors of ["", "&colors=blue", "&colors=inverse"]) {
        for (const symbol of ["BTCUSDT", "ETHUSDT", "ADAUSDT"]) {
          await page.goto(`${origin}/charts?interval=1h&symbol=${symbol}${colors}`);
          for (const colorScheme of SCHEMES) {
            await page.emulateMedia({ colorScheme });
            const [text, ground] = await page.locator(".picture-wide .tag").evaluate((tag) =>
              ["text", "rect"].map((part) => getComputedStyle(tag.querySelector(part)!).fill)
            ) as [string, string];
            const ratio = contrast(text, ground);
            assert.ok(ratio >= 4.5, `${colorScheme}${colors} ${symbol}, ${hours} h: ${ratio}`);
          }
        }
      }
      site.app.world.serverTime -= hours * 3_600_000;
    }
  },
);

browserTest("errors and empty charts without scripts pass axe", async () => {
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

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  browserTest,
  holdEngine,
  openPage,
  untilChartReady,
} from "../../lib/testing/browser/browser.ts";
import { openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { watchShifts } from "../../lib/testing/browser/layout_shifts.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin } = site;

const SIZES = {
  wide: { viewport: { width: 1440, height: 1000 } },
  narrow: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const;

interface Drawn {
  readonly data: readonly {
    readonly type: string;
    readonly yaxis?: string;
    readonly x: readonly string[];
    readonly y: readonly (number | null)[];
  }[];
  readonly layout: {
    readonly xaxis: { readonly range: readonly string[] };
    readonly yaxis: { readonly range: readonly number[]; readonly type: string };
  };
}

/** Range of the engine's price axis, and of the visible lines on it. */
function pricesOf(page: Page) {
  return page.evaluate(() => {
    const { data, layout } = document.querySelector(".engine") as unknown as Drawn;
    const [from, to] = layout.xaxis.range.map((text) => text.replace("T", " "));
    const lines = data.filter(({ type, yaxis }) => type === "scatter" && yaxis === "y");
    const values = lines.flatMap(({ x, y }) =>
      y.filter((value, i) => {
        const time = x[i]!.replace("T", " ");
        return value !== null && time >= from! && time <= to!;
      }) as number[]
    );
    const scale = layout.yaxis.type === "log" ? (power: number) => 10 ** power : Number;
    const [low, high] = layout.yaxis.range.map(scale);
    return { low: low!, high: high!, least: Math.min(...values), most: Math.max(...values) };
  });
}

/** Labels of a price axis, each with its vertical centre in the plot. */
const ticksOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) =>
    all.map((tick) => {
      const { y, height } = tick.getBoundingClientRect();
      const { y: top } = tick.closest(".plot")!.getBoundingClientRect();
      return { text: tick.textContent!, middle: y - top + height / 2 };
    }).filter(({ text }) => text !== "").sort((a, b) => a.middle - b.middle)
  );

for (const scale of ["linear", "log"] as const) {
  for (const [name, size] of Object.entries(SIZES)) {
    browserTest(
      `bands fit a ${scale} axis, in picture and engine alike, on ${name} screens`,
      async () => {
        await using watched = await openPage(browser, size);
        const { page } = watched;
        const shifts = await watchShifts(page);
        const letEngineLoad = await holdEngine(page);
        await page.goto(
          `${origin}/charts?interval=4h&overlays=bb20&scale=${scale}&symbol=BTCUSDT`,
          { waitUntil: "commit" },
        );
        const picture = `.picture-${name}`;
        await page.locator(`${picture} .study-upper`).waitFor({ state: "attached" });
        const ticks = await ticksOf(page, `${picture} .axis-price .ticks text`);
        const band = (await page.locator(`${picture} .study-upper`).boundingBox())!;
        const panes = (await page.locator(`${picture} .panes`).boundingBox())!;
        assert.ok(band.y > panes.y + 5, "the upper band lies inside");
        letEngineLoad();
        await untilChartReady(page);

        const { low, high, least, most } = await pricesOf(page);
        assert.ok(low < least && most < high, `${low} < ${least}, ${most} < ${high}`);
        const drawn = await ticksOf(page, ".engine .ytick text");
        assert.deepEqual(drawn.map(({ text }) => text), ticks.map(({ text }) => text));
        drawn.forEach(({ middle }, i) =>
          assert.ok(
            Math.abs(middle - ticks[i]!.middle) < 1.5,
            `tick ${i} has not moved: ${middle}, ${ticks[i]!.middle}; ${low} ${high}`,
          )
        );
        assert.deepEqual(await shifts(), []);

        const before = await page.evaluate(() =>
          `${(document.querySelector(".engine") as unknown as Drawn).layout.xaxis.range}`
        );
        await page.click("[data-move=in]");
        await page.waitForFunction((before) => {
          const { layout } = document.querySelector(".engine") as unknown as Drawn;
          return `${layout.xaxis.range}` !== before;
        }, before);
        const after = await pricesOf(page);
        assert.ok(after.low < after.least && after.most < after.high, "and after a move");
        assert.deepEqual(await watched.problems(), []);
      },
    );
  }
}

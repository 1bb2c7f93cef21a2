import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import {
  browserTest,
  DESKTOP,
  openInBrowser,
  openPage,
  PHONE,
  textOf,
} from "../../lib/testing/browser/browser.ts";
import { openOverviewSite } from "../../lib/testing/browser/overview_site.ts";

const site = await openOverviewSite();
const { browser, origin, close } = await openInBrowser(site.app, site.close);
Deno.test.afterAll(close);

const PLAIN = { ...DESKTOP, javaScriptEnabled: false };

const isRefreshing = (page: Page) => page.waitForSelector("button.refresh");

for (
  const [name, options] of [
    ["a desk by day", { ...DESKTOP, colorScheme: "light" }],
    ["a phone by night", { ...PHONE, colorScheme: "dark", reducedMotion: "reduce" }],
  ] as const
) {
  browserTest(
    `on ${name} nothing scrolls sideways or shifts, and the page is accessible`,
    async () => {
      for (
        const path of ["/markets", "/markets?view=treemap&range=7d", "/status"]
      ) {
        await using watched = await openPage(browser, options);
        const { page } = watched;
        await page.addInitScript(watchShifts);
        await page.goto(`${origin}${path}`);
        await isRefreshing(page);
        if (path === "/markets") await page.waitForSelector(".pie[data-ready]");
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= options.viewport.width, `${path} is ${width} wide`);
        assert.deepEqual(await page.evaluate(() => (globalThis as Shifts).shifts), [], path);
        if (path.startsWith("/status")) await page.click("#series summary");
        assert.deepEqual(await seriousProblems(page), [], path);
        assert.deepEqual(await watched.problems(), [], path);
      }
    },
  );
}

interface Shifts {
  shifts?: string[];
}

/** Records layout shifts without user input. */
function watchShifts(): void {
  const shifts: string[] = [];
  Object.assign(globalThis, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as LayoutShift[]) {
      if (entry.hadRecentInput || entry.value < 0.001) continue;
      const nodes = entry.sources.map(({ node }) =>
        (node as Element | null)?.outerHTML.slice(0, 80)
      );
      shifts.push(`${entry.value}: ${nodes.join(", ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

browserTest("without scripts all content and links are present", async () => {
  await using watched = await openPage(browser, PLAIN);
  const { page } = watched;
  await page.goto(`${origin}/markets`);
  assert.equal(await page.locator(".donut path").count(), 10);
  assert.ok(await page.locator(".donut path").first().isVisible());
  await page.click("text=Bars");
  assert.equal(await page.locator(".bars .bar").count(), 10);
  await page.click("text=Treemap");
  const cells = page.locator(".treemap a[data-coin=bitcoin]");
  assert.deepEqual(await cells.evaluateAll((all) => all.map((one) => one.checkVisibility())), [
    true,
    false,
  ], "one picture for wide pages");
  await page.click(".coins thead >> text=Coin");
  assert.match(await textOf(page, ".coins tbody tr"), /ADA/);
  await page.click("nav >> text=Status");
  assert.match(await textOf(page, "#headline"), /All 30 series fresh/);
  await page.click("#gaps >> text=pending");
  assert.equal(await page.locator(".gaps tbody tr").count(), 2);
  await page.click("#series summary");
  assert.ok(await page.locator("#series tbody tr").first().isVisible());
  await page.click("text=Refresh every 30 s");
  assert.match(page.url(), /refresh=30/);
  assert.ok(await page.locator("text=Pause refresh").isVisible());
  assert.deepEqual(await watched.problems(), []);
});

browserTest("without scripts the series are filtered and sorted by keyboard", async () => {
  await using watched = await openPage(browser, PLAIN);
  const { page } = watched;
  await page.goto(`${origin}/status`);
  await page.focus("#series-filters input[type=search]");
  await page.keyboard.type("eth");
  await page.keyboard.press("Enter");
  await page.waitForURL(/[?&]q=eth/);
  assert.equal(await page.locator(".coverage .cell").count(), 3);
  assert.match(await textOf(page, "#matching"), /3 of 30 match/);
  await page.focus("#series-filters select[name=interval]");
  await page.keyboard.press("ArrowDown");
  await page.focus("#series-filters button");
  await page.keyboard.press("Enter");
  await page.waitForURL(/interval=1h/);
  assert.equal(await page.locator(".coverage .cell").count(), 1);
  await page.click("text=All series");
  await page.focus("#series summary");
  await page.keyboard.press("Enter");
  await page.focus("#series thead >> text=Coverage");
  await page.keyboard.press("Enter");
  await page.waitForURL(/sort=coverage/);
  assert.equal(await page.getAttribute("#series th[aria-sort]", "aria-sort"), "ascending");
  assert.match(await textOf(page, ".coverage .cell"), /^1h 61\.94%/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("bars of shares start at the same position", async () => {
  await using watched = await openPage(browser, PLAIN);
  const { page } = watched;
  await page.goto(`${origin}/markets`);
  const left = await page.locator(".cell-share .bar").evaluateAll((bars) =>
    bars.map((bar) => bar.getBoundingClientRect().left)
  );
  assert.equal(left.length, 10);
  assert.equal(new Set(left).size, 1, left.join());
});

browserTest(
  "a coin highlighted in the table is highlighted in the ring, and vice versa",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.goto(`${origin}/markets`);
    await page.waitForSelector(".pie[data-ready]");
    const centre = (words: RegExp) =>
      page.waitForFunction(
        (source) => new RegExp(source).test(document.querySelector(".pie-centre")!.textContent!),
        words.source,
      );
    await page.hover(`tr[data-coin="ethereum"]`);
    await centre(/ETH/);
    assert.equal(await page.locator(".slice-edge").count(), 1);
    await page.focus(`tr[data-coin="solana"] a`);
    await centre(/SOL/);
    await page.hover("h1");
    const ring = (await page.locator(".pie-large").boundingBox())!;
    await page.mouse.move(ring.x + ring.width * 0.9, ring.y + ring.height / 2);
    await page.waitForSelector("tr.is-pointed");
    assert.equal(await page.getAttribute("tr.is-pointed", "data-coin"), "bitcoin");
    await centre(/BTC/);
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "a coin focused in the treemap is highlighted in the table, and vice versa",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.goto(`${origin}/markets?view=treemap`);
    await isRefreshing(page);
    await page.focus(".treemap-wide a[data-coin=solana]");
    await page.waitForSelector("tr.is-pointed[data-coin=solana]");
    assert.match(await textOf(page, ".treemap-readout"), /^SOL [+−]\d+\.\d\d% \$/);
    await page.hover("tr[data-coin=ethereum]");
    await page.waitForSelector(".treemap-wide a.is-pointed[data-coin=ethereum]");
    await page.focus(".treemap .skip");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#coins-title");
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest("slices of the pie have patterns in the blue palette", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/markets`);
  const pattern = page.locator(".slice-pattern").first();
  await pattern.waitFor({ state: "attached" });
  assert.equal(await pattern.isVisible(), false);
  await page.goto(`${origin}/markets?colors=blue`);
  await pattern.waitFor({ state: "visible" });
  await page.waitForFunction(() => { // Plotly may replace the element found first
    const slice = document.querySelector(".slice-pattern");
    return slice !== null && getComputedStyle(slice).fill.includes("slice-pattern-1");
  });
});

browserTest(
  "a page updates itself unless paused, and does not disturb the user",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.clock.install();
    await page.goto(`${origin}/status`);
    await isRefreshing(page);
    await page.click("#series summary");
    await page.evaluate(() => {
      Object.assign(globalThis, { isSamePage: true });
      scrollTo(0, 700);
    });
    const newest = () => page.locator(".runs tbody th").first().innerText();
    const addRun = async () => {
      const [row] = await site.db.query<{ run_id: number }>(
        "insert into runs (job, source) values ('verify', 'rest') returning run_id",
      );
      return String(row!.run_id);
    };
    const first = await addRun();
    await page.clock.fastForward(31_000);
    await page.waitForFunction(
      (run) => document.querySelector(".runs tbody th")!.textContent === run,
      first,
    );
    assert.ok(await page.evaluate(() => "isSamePage" in globalThis), "no reload");
    assert.ok(await page.locator("#series[open]").count() === 1, "what is unfolded stays so");
    assert.equal(await page.evaluate(() => scrollY), 700);

    await page.click("button.refresh");
    assert.equal(await page.getAttribute("button.refresh", "aria-pressed"), "true");
    await addRun();
    await page.clock.fastForward(120_000);
    assert.equal(await newest(), first, "paused");
    await page.click("button.refresh");
    await page.clock.fastForward(31_000);
    await page.waitForFunction(
      (run) => document.querySelector(".runs tbody th")!.textContent !== run,
      first,
    );
    assert.deepEqual(await watched.problems(), []);
  },
);

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";
import type { Page } from "playwright-core";
import { endOf, type Interval, intervalMs } from "../../lib/core/interval.ts";
import { browserTest, openPage, untilChartReady } from "../../lib/testing/browser/browser.ts";
import { LAST, NOW, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { countPage } from "../../lib/testing/browser/page_counts.ts";
import { waitFor } from "../../lib/testing/server_process.ts";

const site = await openChartsSite({
  "/mounter.js": await bundle("../../lib/testing/browser/chart_mounter.tsx"),
});
Deno.test.afterAll(site.close);
const { browser, live, origin } = site;

const DESKTOP = { viewport: { width: 1440, height: 900 } };

/** Plots of the page itself: its chart and its pie. */
const OWN_PLOTS = 2;

interface Mounter {
  mountMany(props: unknown, times: number): Promise<number>;
  switchMany(all: readonly unknown[], times: number): Promise<number[]>;
}

async function bundle(path: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  await stop();
  return result.outputFiles![0]!.text;
}

/** Opens a page with the mounter; returns the engine's data for charts there. */
async function openMounter(page: Page): Promise<string> {
  await page.goto(`${origin}/charts?symbol=ETHUSDT&interval=1h`);
  await untilChartReady(page);
  await page.hover(".caps");
  await page.waitForSelector(".pie[data-ready]");
  await page.addScriptTag({ url: `${origin}/mounter.js`, type: "module" });
  await page.waitForFunction(() => "mountMany" in globalThis);
  return (await page.locator("head script[src*=plotly]").getAttribute("src"))!;
}

/** Props of a chart of the newest `count` candles. */
function propsOf(plotlyHref: string, symbol: string, interval: Interval, count: number) {
  const last = endOf(LAST, "1h") - intervalMs(interval);
  const first = last - (count - 1) * intervalMs(interval);
  return {
    basePath: "",
    plotlyHref,
    symbol,
    interval,
    shown: interval,
    intervals: ["1h", "4h"],
    isPinned: false,
    isLog: false,
    isLocal: false,
    type: "candles",
    overlays: [],
    gaps: [],
    decimals: 2,
    first,
    oldest: first,
    last,
    newest: last,
    label: symbol,
    serverTime: NOW,
  };
}

browserTest(
  "fifty charts that are mounted and unmounted leave no plot, node or listener behind",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const props = propsOf(await openMounter(page), "ETHUSDT", "1h", 80);
    const measure = async (times: number) => {
      const drawn = await page.evaluate(
        ([props, times]) => (globalThis as unknown as Mounter).mountMany(props, times),
        [props, times] as const,
      );
      return { drawn, ...await countPage(page) };
    };
    const first = await measure(6); // fills caches
    const later = await measure(50);
    assert.deepEqual([first.drawn, later.drawn], [4, 34]);
    assert.equal(await page.locator(".js-plotly-plot").count(), OWN_PLOTS);
    assert.ok(later.nodes - first.nodes < 50, `${later.nodes - first.nodes} nodes stay`);
    assert.ok(
      later.listeners - first.listeners < 5,
      `${later.listeners - first.listeners} listeners`,
    );
    assert.deepEqual(await watched.problems(), []);
  },
);

browserTest(
  "forty changes of symbol and interval leave one plot, and nothing of earlier ones",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const href = await openMounter(page);
    const series = [
      propsOf(href, "BTCUSDT", "4h", 60),
      propsOf(href, "ETHUSDT", "1h", 80),
      propsOf(href, "ETHUSDT", "4h", 72),
      propsOf(href, "BTCUSDT", "1h", 40),
    ];
    const measure = async (times: number) => {
      const drawn = await page.evaluate(
        ([series, times]) => (globalThis as unknown as Mounter).switchMany(series, times),
        [series, times] as const,
      );
      return { drawn, ...await countPage(page) };
    };
    const first = await measure(8);
    const later = await measure(40);
    const round = [60, 80, 72, 40];
    assert.deepEqual(later.drawn, Array.from({ length: 40 }, (_, i) => round[i % 4]));
    assert.equal(await page.locator(".js-plotly-plot").count(), OWN_PLOTS);
    assert.ok(later.nodes - first.nodes < 50, `${later.nodes - first.nodes} nodes stay`);
    assert.ok(
      later.listeners - first.listeners < 5,
      `${later.listeners - first.listeners} listeners`,
    );
    await waitFor(() => live.count === 1); // the page's own stream is the only one open
    assert.deepEqual(await watched.problems(), []);
  },
);

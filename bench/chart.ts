import { gzipSync } from "node:zlib";
import type { CDPSession, Page } from "playwright-core";
import { parseDecimal } from "../lib/core/decimal.ts";
import { HOUR_MS } from "../lib/core/time.ts";
import { DESKTOP, openPage, PHONE, untilChartReady } from "../lib/testing/browser/browser.ts";
import { type ChartsSite, LAST, openChartsSite } from "../lib/testing/browser/charts_site.ts";
import { klineAt, toRow } from "../lib/testing/klines.ts";
import { testCluster } from "../lib/testing/database/postgres.ts";
import { cost, type Figure, median, RUNS } from "./figure.ts";

const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 2e5, uploadThroughput: 93_750 };
const CPU_SLOWDOWN = 4;
const TICKS = 40;
const TICK_MS = 150;

/** The charts page in Chromium: first candles, layout shifts, bytes, and the cost of a tick. */
export async function benchChart(): Promise<Figure[]> {
  const cluster = await testCluster();
  const site = await openChartsSite();
  const loads: Load[] = [];
  for (let run = 0; run < RUNS; run++) loads.push(await load(site));
  const desktopBytes = await scriptBytesOf(site, DESKTOP);
  const ticks: number[] = [];
  for (let run = 0; run < RUNS; run++) ticks.push(await tickCost(site));
  await site.close();
  await cluster.release();
  const of = (read: (load: Load) => number) => median(loads.map(read));
  return [
    cost("first candles, slow 4G, CPU × 4", "s", of(({ candlesMs }) => candlesMs / 1000), 0.8),
    cost(
      "layout shift until Plotly stands",
      "CLS",
      Math.max(...loads.map(({ shift }) => shift)),
      0,
    ),
    cost("JavaScript without Plotly, phone", "kB gzip", of(({ bytes }) => bytes / 1000), 35),
    cost("JavaScript without Plotly, 1440 px", "kB gzip", desktopBytes / 1000, 35),
    cost("interactive chart, slow 4G, CPU × 4", "s", of(({ readyMs }) => readyMs / 1000), 3.5),
    cost("a tick of the open candle", "ms CPU", median(ticks), 4),
  ];
}

interface Load {
  readonly candlesMs: number;
  readonly readyMs: number;
  readonly shift: number;
  /** Compressed size of all loaded scripts except Plotly. */
  readonly bytes: number;
}

async function load({ browser, origin }: ChartsSite): Promise<Load> {
  await using watched = await openPage(browser, PHONE);
  const { page } = watched;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", SLOW_4G);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  await page.addInitScript(watch);
  const bytes = countScriptBytes(page);
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  const readyMs = await page.evaluate(() => performance.now());
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const { candlesMs, shift } = await page.evaluate(() => (globalThis as unknown as Seen).seen);
  return { candlesMs, shift, readyMs, bytes: await bytes() };
}

async function scriptBytesOf({ browser, origin }: ChartsSite, device: object): Promise<number> {
  await using watched = await openPage(browser, device);
  const { page } = watched;
  const bytes = countScriptBytes(page);
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  await page.waitForLoadState("networkidle");
  return await bytes();
}

function countScriptBytes(page: Page): () => Promise<number> {
  const scripts: Promise<number>[] = [];
  page.on("response", (response) => {
    const isOurs = /\.js(\?|$)/.test(response.url()) && !response.url().includes("/vendor/");
    if (isOurs) scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  return async () => (await Promise.all(scripts)).reduce((sum, one) => sum + one, 0);
}

interface Seen {
  readonly seen: { candlesMs: number; shift: number };
}

/**
 * Runs in the page before its own scripts. Frames are painted only once style sheets are loaded.
 */
function watch(): void {
  const seen = { candlesMs: 0, shift: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number }[]) {
      seen.shift += entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    const candles = document.querySelector(".picture-narrow .body-up");
    if (!candles || candles.getBoundingClientRect().width === 0) return requestAnimationFrame(look);
    requestAnimationFrame(() => seen.candlesMs = performance.now());
  };
  requestAnimationFrame(look);
}

/** Main-thread time of ticks: time with ticks minus time without. */
async function tickCost({ browser, origin, live }: ChartsSite): Promise<number> {
  live.drop();
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts`);
  await untilChartReady(page);
  const send = (i: number) => {
    const closePrice = parseDecimal(`${4500 + i % 7}.25`);
    live.send("tick", toRow(klineAt(LAST + HOUR_MS, "1h", { closePrice })));
  };
  send(0);
  await page.waitForSelector(".moving", { state: "attached" });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const quiet = await spend(page, cdp, () => live.heartbeat());
  const busy = await spend(page, cdp, send);
  return Math.max(0, (busy - quiet) / TICKS * 1000);
}

/** Seconds of main-thread work while `step` is repeated. */
async function spend(page: Page, cdp: CDPSession, step: (i: number) => void): Promise<number> {
  const before = await taskSeconds(cdp);
  for (let i = 1; i <= TICKS; i++) {
    step(i);
    await page.waitForTimeout(TICK_MS);
  }
  return await taskSeconds(cdp) - before;
}

async function taskSeconds(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value;
}

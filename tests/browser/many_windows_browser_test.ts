import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { HOUR_MS } from "../../lib/core/time.ts";
import {
  browserTest,
  DESKTOP,
  openInBrowser,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { LAST, NOW } from "../../lib/testing/browser/charts_site.ts";
import { klineAt, klinesFrom } from "../../lib/testing/klines.ts";
import { manualLiveSource } from "../../lib/testing/live.ts";
import { createPageApp } from "../../lib/testing/page_app.ts";
import { waitFor } from "../../lib/testing/server_process.ts";
import { shiftOpen } from "../../lib/core/interval.ts";

const WINDOWS = 9;
const MOST = 3;

const source = manualLiveSource();
const app = await createPageApp({
  symbols: ["BTCUSDT"],
  intervals: ["1h"],
  now: NOW,
  liveSource: source,
});
await app.addKlines("BTCUSDT", "1h", klinesFrom(shiftOpen(LAST, "1h", -79), "1h", 80));
let streams = 0;
let mostStreams = 0;
async function handler(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
  const response = await app.handler(request);
  if (new URL(request.url).pathname !== "/api/live") return response;
  mostStreams = Math.max(mostStreams, ++streams);
  info.completed.catch(() => {}).finally(() => streams--);
  return response;
}

const { browser, origin, close } = await openInBrowser({ handler, close: app.close });
Deno.test.afterAll(close);

const LIVE = /^Live ?· \d s$/;
const EITHER = /^(Live ?· \d s|Fresh ?· updates every 5 s)$/;

const showPrice = (price: string) =>
  source.show(klineAt(LAST + HOUR_MS, "1h", {
    highPrice: parseDecimal("5000.5"),
    closePrice: parseDecimal(price),
  }));

async function openWindow(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
  await untilChartReady(page);
  return page;
}

const badges = async (pages: readonly Page[]) =>
  await Promise.all(pages.map((page) => page.locator(".badge").innerText()));

browserTest("nine windows of one browser load, and each gets new prices", async () => {
  const context = await browser.newContext(DESKTOP);
  context.setDefaultTimeout(30_000);
  showPrice("4501.25");
  const pages: Page[] = [];
  for (let i = 0; i < WINDOWS; i++) {
    const page = await openWindow(context);
    pages.push(page);
    await untilText(page, ".badge", LIVE);
  }
  for (const page of pages) {
    await untilText(page, ".badge", EITHER);
    await untilText(page, ".price strong", /^4,501\.25/);
  }
  const newest = (await badges(pages)).filter((text) => text.startsWith("Live"));
  assert.equal(newest.length, MOST, "the newest windows hold the streams");
  assert.ok(mostStreams <= MOST + 1, `${mostStreams} streams at a time`);

  showPrice("4620.75");
  for (const page of pages) await untilText(page, ".price strong", /^4,620\.75/);

  // A focused window gets a stream; a closed one releases its stream to another.
  await pages[0]!.evaluate(() => dispatchEvent(new Event("focus")));
  await untilText(pages[0]!, ".badge", LIVE);
  const open = pages.slice(0, 6);
  for (const page of pages.slice(6)) await page.close();
  const liveCount = async () =>
    (await badges(open)).filter((text) => text.startsWith("Live")).length;
  await waitFor(async () => await liveCount() === MOST, 60_000); // one more during a hand-over
  await context.close();
});

browserTest("a browser without BroadcastChannel follows the market all the same", async () => {
  const context = await browser.newContext(DESKTOP);
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
  const page = await openWindow(context);
  await untilText(page, ".badge", LIVE);
  await context.close();
});

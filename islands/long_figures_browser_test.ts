import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { parseDecimal } from "../lib/core/decimal.ts";
import { parseTime } from "../lib/core/time.ts";
import { browserTest, openBrowser, openPage } from "../lib/testing/browser.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

/** Markets whose figures are longer than most: of tiny prices, of large ones, of huge volumes. */
const MARKETS: Readonly<Record<string, { decimals: number; price: number; volume: number }>> = {
  PEPEUSDT: { decimals: 8, price: 0.00001234, volume: 3_000_000_000_000.5 },
  SHIBUSDT: { decimals: 10, price: 0.0000123412, volume: 999_999_999_999_999.25 },
  BTCUSDT: { decimals: 2, price: 100_000.12, volume: 812.12345 },
  BTCIDRUSDT: { decimals: 2, price: 1_234_567_890.12, volume: 0.00012 },
  LONGNAMEDCOINUSDT: { decimals: 4, price: 0.1234, volume: 1 },
};
const OTHERS = Array.from({ length: 12 }, (_, i) => `C${i}USDT`);

const NOW = parseTime("2024-06-01T00:10Z");
const symbols = [...Object.keys(MARKETS), ...OTHERS, "LASTUSDT"];
const app = await createPageApp({ symbols, intervals: ["1h"], now: NOW });
for (const [symbol, { decimals, price, volume }] of Object.entries(MARKETS)) {
  const priceOf = (share: number) => parseDecimal((price * share).toFixed(decimals));
  const klines = klinesFrom("2024-05-29", "1h", 72).map((kline, i) => ({
    ...kline,
    openPrice: priceOf(1 + i % 7 / 900),
    highPrice: priceOf(1.03),
    lowPrice: priceOf(0.97),
    closePrice: priceOf(1 - i % 5 / 900),
    volume: parseDecimal((volume * (1 - i % 3 / 10)).toFixed(5)),
  }));
  await app.addKlines(symbol, "1h", klines);
}
await app.addKlines("LASTUSDT", "1h", klinesFrom("2024-05-29", "1h", 72));
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  (request) => app.handler(request),
);
const origin = `http://127.0.0.1:${server.addr.port}`;
const browser = await openBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await server.shutdown();
  await app.close();
});

/** What of the page is cut off, leaves its box, or lies over its neighbour. */
function misfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const visible = (selector: string) =>
      [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    const figures = visible(".readout dl > div").map((one) => one.getBoundingClientRect());
    const box = document.querySelector(".readout")!.getBoundingClientRect();
    figures.forEach((figure, i) => {
      if (figure.right > box.right + 0.5) found.push(`figure ${i} leaves the readout`);
      const over = figures.slice(i + 1).some((other) =>
        figure.left < other.right - 0.5 && other.left < figure.right - 0.5 &&
        figure.top < other.bottom - 0.5 && other.top < figure.bottom - 0.5
      );
      if (over) found.push(`figure ${i} lies over another`);
    });
    for (const price of visible(".readout dd")) {
      const isVolume = price.previousElementSibling!.textContent === "Vol";
      if (price.scrollWidth > price.clientWidth + 1 && !isVolume) {
        found.push(`${price.textContent} is cut off`);
      }
    }
    for (const axis of visible(".axis-price")) {
      const { right } = axis.getBoundingClientRect();
      for (const text of axis.querySelectorAll("text")) {
        if (text.getBoundingClientRect().right > right) found.push(`axis: ${text.textContent}`);
      }
    }
    for (const cell of visible(".candles td, .candles th")) {
      if (cell.scrollWidth > cell.clientWidth + 1 && !cell.matches(".cell-origin")) {
        found.push(`cell: ${cell.textContent}`);
      }
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    return found;
  });
}

for (const width of [340, 390, 820, 1024, 1440]) {
  browserTest(`at ${width} px no figure is cut off, however long`, async () => {
    await using watched = await openPage(browser, {
      viewport: { width, height: 900 },
      javaScriptEnabled: true,
    });
    const { page } = watched;
    await page.route("**/*.js", (route) => route.abort());
    for (const symbol of Object.keys(MARKETS)) {
      await page.goto(`${origin}/charts?interval=1h&symbol=${symbol}`);
      assert.deepEqual(await misfits(page), [], symbol);
    }
  });
}

browserTest("the list of symbols shows the one whose chart it is", async () => {
  await using watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
  const { page } = watched;
  for (const symbol of ["LASTUSDT", "PEPEUSDT"]) {
    await page.goto(`${origin}/charts?interval=1h&symbol=${symbol}`);
    await page.waitForSelector("#symbol-search[placeholder$=name]");
    const list = (await page.locator(".symbols > ul").boundingBox())!;
    const current = (await page.locator(".symbols [aria-current]").boundingBox())!;
    assert.ok(current.y >= list.y && current.y + current.height <= list.y + list.height + 1);
  }
});

import assert from "node:assert/strict";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { HOUR_MS, parseTime } from "../../lib/core/time.ts";
import {
  browserTest,
  DESKTOP,
  openInBrowser,
  openPage,
} from "../../lib/testing/browser/browser.ts";
import { capsOf } from "../../lib/testing/browser/charts_site.ts";
import { klinesFrom } from "../../lib/testing/klines.ts";
import { misfitsOf } from "../../lib/testing/browser/misfits.ts";
import { createPageApp } from "../../lib/testing/page_app.ts";
import { TYPEFACES, wear } from "../../lib/testing/browser/typefaces.ts";

/** Markets with unusually long numbers: tiny prices, large prices, huge volumes. */
const MARKETS: Readonly<Record<string, { decimals: number; price: number; volume: number }>> = {
  PEPEUSDT: { decimals: 8, price: 0.00001234, volume: 3_000_000_000_000.5 },
  SHIBUSDT: { decimals: 10, price: 0.0000123412, volume: 999_999_999_999_999.25 },
  BTCUSDT: { decimals: 2, price: 100_000.12, volume: 812.12345 },
  BTCIDRUSDT: { decimals: 2, price: 1_234_567_890.12, volume: 0.00012 },
  LONGNAMEDCOINUSDT: { decimals: 4, price: 0.1234, volume: 1 },
};
const COINS = "ETH BNB SOL XRP ADA DOGE TRX AVAX LINK".split(" ").map((base) => `${base}USDT`);
const OTHERS = [...COINS, "C1USDT", "C2USDT", "C3USDT"];

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
    takerBuyBaseAssetVolume: parseDecimal("0"),
    volume: parseDecimal((volume * (1 - i % 3 / 10)).toFixed(5)),
  }));
  await app.addKlines(symbol, "1h", klines);
}
await app.addKlines("LASTUSDT", "1h", klinesFrom("2024-05-29", "1h", 72));
// Gaps, and market caps of all sizes.
await app.addKlines(
  "SOLUSDT",
  "1h",
  klinesFrom("2024-05-29", "1h", 72).filter((_, i) => i % 9 > 1),
);
for (const age of [96, 48, 0]) {
  await app.saveCaps(
    capsOf({ ethereum: 900, tron: 1e-6, "avalanche-2": 1e-9 }, NOW - age * HOUR_MS),
  );
}
const { browser, origin, close } = await openInBrowser(app);
Deno.test.afterAll(close);

const WIDTHS = [1440, 1024, 820, 390, 320];
const ADDRESSES = [
  ...Object.keys(MARKETS).map((symbol) => `/charts?interval=1h&symbol=${symbol}`),
  "/charts?interval=1h&symbol=BTCIDRUSDT&overlays=sma20,ema50,bb20,vwap,rsi14",
  "/charts?interval=1h&symbol=SOLUSDT",
  "/markets",
  "/markets?view=bars",
  "/universe",
  "/status",
  "/docs",
  "/charts?symbol=NONE",
];

for (const address of ADDRESSES) {
  browserTest(`${address} fits its numbers, in every typeface and at every width`, async () => {
    await using watched = await openPage(browser, { ...DESKTOP, bypassCSP: true });
    const { page } = watched;
    await page.route("**/*.js", (route) => route.abort());
    await page.goto(`${origin}${address}`);
    const misfits: Record<string, string[]> = {};
    for (const face of TYPEFACES) {
      await wear(page, face);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        const found = await misfitsOf(page);
        if (found.length > 0) misfits[`${face.name} at ${width} px`] = found;
      }
    }
    assert.deepEqual(misfits, {});
  });
}

browserTest("the header fits in every typeface and at every width between", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, bypassCSP: true });
  const { page } = watched;
  await page.route("**/*.js", (route) => route.abort());
  await page.goto(`${origin}/universe`);
  const faults: string[] = [];
  for (const face of TYPEFACES) {
    await wear(page, face);
    for (let width = 320; width <= 900; width += 20) {
      await page.setViewportSize({ width, height: 900 });
      const where = `${face.name} at ${width} px`;
      for (const found of await misfitsOf(page)) faults.push(`${where}: ${found}`);
      const targets = await page.locator(".pages a").evaluateAll((links) =>
        links.map((link) => link.getBoundingClientRect())
      );
      assert.equal(targets.length, 5);
      for (const { width, height, left, right } of targets) {
        const isSmall = Math.min(width, height) < 24;
        if (isSmall || left < 0 || right > page.viewportSize()!.width) {
          faults.push(`${where}: ${width} × ${height}`);
        }
      }
    }
  }
  assert.deepEqual(faults, []);
});

browserTest("the list of symbols shows the current one", async () => {
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

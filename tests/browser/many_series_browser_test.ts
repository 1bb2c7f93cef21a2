import assert from "node:assert/strict";
import { parseTime } from "../../lib/core/time.ts";
import { createTestApp } from "../../lib/testing/app.ts";
import {
  browserTest,
  DESKTOP,
  openInBrowser,
  openPage,
} from "../../lib/testing/browser/browser.ts";
import { fillManySeries, manySymbols } from "../../lib/testing/many_series.ts";
import { misfitsOf } from "../../lib/testing/browser/misfits.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import { TYPEFACES, wear } from "../../lib/testing/browser/typefaces.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const INTERVALS = ["1h", "4h", "1d"] as const;
const SYMBOLS = manySymbols(3_000);

const { db, url, close: closeDatabase } = await createTestDatabase();
await fillManySeries(db, { symbols: SYMBOLS, intervals: INTERVALS, now: NOW });
const app = await createTestApp({
  db,
  url,
  symbols: SYMBOLS,
  intervals: INTERVALS,
  serverTime: NOW,
});
const { browser, origin, close } = await openInBrowser(app, async () => {
  await app.close();
  await closeDatabase();
});
Deno.test.afterAll(close);

for (const path of ["/status", "/charts?symbol=C0000USDT&interval=1h"]) {
  browserTest(`${path} of 9,000 series fits its numbers, in every typeface`, async () => {
    await using watched = await openPage(browser, { ...DESKTOP, bypassCSP: true });
    const { page } = watched;
    await page.route("**/*.js", (route) => route.abort());
    await page.goto(origin + path);
    const misfits: Record<string, string[]> = {};
    for (const face of TYPEFACES) {
      await wear(page, face);
      for (const width of [1440, 820, 390, 340, 320]) {
        await page.setViewportSize({ width, height: 900 });
        const found = await misfitsOf(page);
        if (found.length > 0) misfits[`${face.name} at ${width} px`] = found;
      }
    }
    assert.deepEqual(misfits, {});
  });
}

browserTest("the tables of gaps and runs on /status show their last column", async () => {
  await using watched = await openPage(browser, { ...DESKTOP, bypassCSP: true });
  const { page } = watched;
  await page.goto(`${origin}/status`);
  await wear(page, TYPEFACES[0]!);
  for (const width of [1440, 1280, 1024, 820]) {
    await page.setViewportSize({ width, height: 900 });
    for (const table of [".gaps", ".runs"]) {
      const hidden = await page.locator(table).evaluate((element) =>
        element.parentElement!.scrollWidth - element.parentElement!.clientWidth
      );
      assert.ok(hidden <= 1, `${table} at ${width} px: ${hidden} px are hidden`);
    }
  }
});

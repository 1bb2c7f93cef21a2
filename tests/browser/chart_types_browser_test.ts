import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { CHART_TYPES } from "../../lib/core/chart_address.ts";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { HOUR_MS } from "../../lib/core/time.ts";
import { seriousProblems } from "../../lib/testing/browser/axe.ts";
import {
  browserTest,
  DESKTOP,
  holdEngine,
  openPage,
  textOf,
  untilChartReady,
  untilText,
} from "../../lib/testing/browser/browser.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klineAt, toRow } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { app, browser, live, origin } = site;

const prices = (open: number, high: number, low: number, close: number) => ({
  openPrice: parseDecimal(`${open}`),
  highPrice: parseDecimal(`${high}`),
  lowPrice: parseDecimal(`${low}`),
  closePrice: parseDecimal(`${close}`),
  volume: parseDecimal("50"),
});
/** A new listing, and one with a close between two gaps. */
await app.addKlines("BNBUSDT", "1h", [klineAt(LAST, "1h", prices(100, 112, 95, 110))]);
const SWINGS = [[40, 104], [39, 99], [38, 108], [30, 97], [20, 103], [19, 96], [18, 106], [17, 94]];
await app.addKlines(
  "SOLUSDT",
  "1h",
  SWINGS.map(([ago, close], i) =>
    klineAt(LAST - ago! * HOUR_MS, "1h", prices(SWINGS[i - 1]?.[1] ?? 100, 112, 90, close!))
  ),
);

const NOT_MARKS = ".plot :is(text, .gap, .note, .last-line, .grid, .gridlayer), .axis";

async function pictureOf(page: Page): Promise<string> {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, `${NOT_MARKS} { visibility: hidden }`);
  return (await page.locator(".plot").screenshot()).toString("base64");
}

/** Coloured px of `a`, and those without a px of the same hue within 2 px in `b`. */
function compare(page: Page, a: string, b: string) {
  return page.evaluate(async (pictures) => {
    const images = await Promise.all(pictures.map(async (picture) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, image.width, image.height);
    }));
    const { width, height } = images[0]!;
    // Lines of the engine are blended, which changes their strength but not their hue.
    const [one, other] = images.map(({ data }) => (x: number, y: number) => {
      const at = 4 * (y * width + x);
      const rgb = [...data.subarray(at, at + 3)];
      const [least, most] = [Math.min(...rgb), Math.max(...rgb)];
      if (least > 230) return "none";
      return most - least < 12 ? "grey" : ["red", "green", "blue"][rgb.indexOf(most)]!;
    }) as [(x: number, y: number) => string, (x: number, y: number) => string];
    const around = [-2, -1, 0, 1, 2];
    let [coloured, lost] = [0, 0];
    for (let y = 2; y < height - 2; y++) {
      for (let x = 2; x < width - 2; x++) {
        const hue = one(x, y);
        if (hue === "none") continue;
        coloured++;
        if (!around.some((dy) => around.some((dx) => other(x + dx, y + dy) === hue))) lost++;
      }
    }
    return { coloured, lost };
  }, [a, b]);
}

for (const symbol of ["BNBUSDT", "SOLUSDT"]) {
  browserTest(`every type of ${symbol} looks the same in picture and engine`, async () => {
    const seen = new Set<string>();
    for (const type of CHART_TYPES) {
      await using watched = await openPage(browser, DESKTOP);
      const { page } = watched;
      const letEngineLoad = await holdEngine(page);
      const address = `${origin}/charts?interval=1h&symbol=${symbol}&type=${type}`;
      await page.goto(address, { waitUntil: "commit" });
      await page.waitForSelector(".live[data-known]", { state: "attached" });
      const picture = await pictureOf(page);
      letEngineLoad();
      await untilChartReady(page);
      const engine = await pictureOf(page);
      for (const [a, b] of [[picture, engine], [engine, picture]] as const) {
        const { coloured, lost } = await compare(page, a, b);
        assert.ok(coloured > 100 && lost <= 0.04 * coloured, `${type}: ${lost} of ${coloured}`);
      }
      seen.add(engine);
      assert.deepEqual(await watched.problems(), []);
    }
    // Of a single candle, line and area are the same dot.
    assert.equal(seen.size, symbol === "SOLUSDT" ? CHART_TYPES.length : CHART_TYPES.length - 1);
  });
}

browserTest("Heikin-Ashi follows the stream, and prices stay the exchange's", async () => {
  await using watched = await openPage(browser, DESKTOP);
  const { page } = watched;
  await page.goto(`${origin}/charts?interval=1h&symbol=BNBUSDT&type=heikin`);
  await untilChartReady(page);
  // The stored candle's own: open (100 + 110) / 2, close (100 + 112 + 95 + 110) / 4.
  const stored = /^2024-05-31 23:00 UTC ?Heikin-Ashi O ?105\.00 H ?112\.00 L ?95\.00 C ?104\.25 /;
  await untilText(page, ".readout", stored);
  const send = (kind: "tick" | "close", close: number) =>
    live.send(kind, toRow(klineAt(LAST + HOUR_MS, "1h", prices(110, 120, 105, close))));
  send("tick", 117);
  // Open (105 + 104.25) / 2, close (110 + 120 + 105 + 117) / 4; it opens below the low.
  const open = /Heikin-Ashi ?open O ?104\.6[23] H ?120\.00 L ?104\.6[23] C ?113\.00 /;
  await untilText(page, ".readout", open);
  await untilText(page, ".tag-moving", /^117\.00/);
  send("tick", 113);
  await untilText(page, ".readout", /C ?112\.00 /);
  send("close", 113);
  await page.waitForSelector(".moving", { state: "detached" });
  await untilText(page, ".readout", /^2024-06-01 00:00 UTC ?Heikin-Ashi O ?104\.6.* C ?112\.00 /);
  await untilText(page, ".live .tag", /^113\.00/);
  assert.deepEqual(await watched.problems(), []);
});

browserTest("the open candle has the mark of each type", async () => {
  const marks: Record<string, string> = {
    hollow: ".moving-body",
    bars: ".moving-bar line:nth-of-type(3)",
    line: ".moving-line.side-line circle",
    baseline: ".moving-line.side-below circle",
  };
  for (const [type, mark] of Object.entries(marks)) {
    live.drop();
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=1h&symbol=BNBUSDT&type=${type}`);
    await untilChartReady(page);
    live.send("tick", toRow(klineAt(LAST + HOUR_MS, "1h", prices(96, 113, 95, 101))));
    await page.waitForSelector(`.moving ${mark}`, { state: "attached" });
    await untilText(page, ".readout", /open O ?96\.00 H ?113\.00 L ?95\.00 C ?101\.00 /);
    // It rises, to below the close before it.
    if (type === "hollow") assert.equal(await page.locator(".moving.down").count(), 1);
    assert.deepEqual(await watched.problems(), []);
  }
});

browserTest(
  "a key opens the types, which keep the range; a baseline follows the left edge",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
    await untilChartReady(page);
    await page.click("[data-move=earlier]");
    await page.waitForURL(/from=.*to=/);
    const { searchParams: { size } } = new URL(page.url());
    await page.keyboard.press("k");
    const isAtCurrent = () => document.activeElement?.textContent?.startsWith("Candles") === true;
    await page.waitForFunction(isAtCurrent);
    assert.deepEqual(await seriousProblems(page), []);
    for (let i = 0; i < 6; i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=.*to=.*type=baseline$/);
    assert.equal(new URL(page.url()).searchParams.size, size + 1);
    await untilChartReady(page);
    const base = await textOf(page, ".live .base-label");
    assert.match(base, /^base 4,\d{3}\.\d+$/);
    await page.click("[data-move=in]");
    await untilText(page, ".live .base-label", new RegExp(`^(?!${RegExp.escape(base)}$)base 4,`));
    assert.deepEqual(await watched.problems(), []);
  },
);

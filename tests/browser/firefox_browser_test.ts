import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { HOUR_MS } from "../../lib/core/time.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { firefoxTest, launchFirefox, untilFirefoxText } from "../../lib/testing/browser/firefox.ts";
import { klineAt, toRow } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { live, origin } = site;
const firefox = await launchFirefox();
Deno.test.afterAll(async () => await firefox?.close());

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

async function openChart(page: Page): Promise<void> {
  await page.goto(`${origin}/charts?interval=1h&symbol=BTCUSDT`);
  await page.waitForSelector(".live[data-ready]");
}

const searchOf = (page: Page) => page.evaluate(() => location.search);

const PATHS = ["/charts", "/markets", "/markets?view=bars", "/universe", "/status", "/docs"];

for (const [device, viewport] of [["a desk", DESKTOP], ["a phone", PHONE]] as const) {
  firefoxTest(firefox, `Firefox shows every page on ${device}`, viewport, async (page) => {
    for (const path of PATHS) {
      const response = await page.goto(origin + path);
      assert.equal(response?.status(), 200, path);
      if (path === "/charts") await page.waitForSelector(".live[data-ready]");
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= viewport.width, `${path} is ${width} wide`);
    }
  });
}

firefoxTest(
  firefox,
  "Firefox: pointer, wheel and keys move through the chart",
  DESKTOP,
  async (page) => {
    await openChart(page);
    const { x, y } = await page.$eval(".plot", (plot) => {
      const { left, top, width, height } = plot.getBoundingClientRect();
      return { x: left + width / 3, y: top + height / 2 };
    });
    await page.mouse.move(x, y);
    await untilFirefoxText(page, ".readout-time", /2024-05-2\d \d\d:00 UTC/);
    await page.keyboard.down("Control");
    await page.mouse.wheel({ deltaY: -300 });
    await page.keyboard.up("Control");
    await page.waitForFunction(() => location.search.includes("from="));
    await page.keyboard.press("0");
    await page.waitForFunction(() => !location.search.includes("from="));
    await page.keyboard.press("4");
    await page.waitForFunction(() => location.search.includes("interval=4h"));
    await page.waitForSelector(".live[data-ready]");
    await page.keyboard.press("l");
    await page.waitForFunction(() => location.search.includes("scale=log"));
    assert.equal(await searchOf(page), "?interval=4h&scale=log&symbol=BTCUSDT");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
  },
);

firefoxTest(
  firefox,
  "Firefox: a tick moves the price, and the close is drawn",
  DESKTOP,
  async (page) => {
    live.drop();
    await openChart(page);
    await untilFirefoxText(page, ".badge", /^Live/);
    const next = LAST + HOUR_MS;
    const tick = {
      openPrice: parseDecimal("4500.00"),
      highPrice: parseDecimal("4700.00"),
      lowPrice: parseDecimal("4400.00"),
      closePrice: parseDecimal("4600.25"),
    };
    live.send("tick", toRow(klineAt(next, "1h", tick)));
    await untilFirefoxText(page, ".tag-moving", /^4,600\.25/);
    live.send("close", toRow(klineAt(next, "1h")));
    await page.waitForFunction(() => document.querySelector(".moving") === null);
    await untilFirefoxText(page, ".readout-time", /^2024-06-01 00:00 UTC$/);
  },
);

firefoxTest(
  firefox,
  "Firefox: the export link answers with the candles on show",
  DESKTOP,
  async (page) => {
    await openChart(page);
    const href = await page.$eval("a[href*='/export']", (link) => (link as HTMLAnchorElement).href);
    const file = await page.evaluate(async (href) => {
      const response = await fetch(href);
      return { type: response.headers.get("content-type"), text: await response.text() };
    }, href);
    assert.match(file.type ?? "", /^text\/csv/);
    const [header, ...rows] = file.text.trimEnd().split("\n");
    assert.match(header ?? "", /^open_time,open_price,high_price,/);
    assert.ok(rows.length > 100 && rows.every((row) => row.startsWith("2024-05-")), file.text);
  },
);

import assert from "node:assert/strict";
import { parseDecimal } from "../lib/core/decimal.ts";
import { parseTime } from "../lib/core/time.ts";
import { klinesFrom } from "../lib/testing/klines.ts";
import { createPageApp } from "../lib/testing/page_app.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const app = await createPageApp({ symbols: ["BTCUSDT", "ETHUSDT"], intervals: ["1h"], now: NOW });
Deno.test.afterAll(() => app.close());

// A gap and two coins, so that the pictures of both pages have their own titles.
const hours = klinesFrom("2024-05-20", "1h", 288);
await app.addKlines("BTCUSDT", "1h", hours.filter((_, i) => i < 200 || i >= 206));
await app.saveCaps(["bitcoin", "ethereum"].map((coin, i) => ({
  coin,
  symbol: coin === "bitcoin" ? "BTC" : "ETH",
  price: parseDecimal("60000"),
  circulatingSupply: parseDecimal("19000000"),
  marketCap: parseDecimal(String(1.2e12 / (i + 1))),
  source: "coingecko",
  takenAt: NOW,
})));

/** The page's own style sheet and title. */
const PAGES: Record<string, { styles: string[]; title: string }> = {
  "/charts": { styles: ["charts.css"], title: "BTC/USDT 1h · wick" },
  "/markets": { styles: ["markets.css"], title: "Market caps · wick" },
  "/universe": { styles: ["status.css"], title: "Universe · wick" },
  "/status": { styles: ["status.css"], title: "1 of 2 collecting · Status · wick" },
  "/docs": { styles: ["docs.css"], title: "API · wick" },
  "/nope": { styles: [], title: "Not found · wick" },
  "/charts?symbol=NOPE": { styles: [], title: "Not found · wick" },
};

/** Sections of a page: Fresh replaces tags of `<head>` by those of `<Head>`, by type and key. */
async function partsOf(path: string) {
  const response = await app.fetch(path, { headers: { accept: "text/html" } });
  const html = await response.text();
  const [, head, body] = /<head>(.*)<\/head>(.*)$/s.exec(html)!;
  const titles = (part: string) =>
    [...part.matchAll(/<title[^>]*>([^<]*)</g)].map(([, title]) => title!);
  return { head: head!, titles: { head: titles(head!), body: titles(body!) } };
}

for (const [path, { styles, title }] of Object.entries(PAGES)) {
  Deno.test(`GET ${path} has the app's style sheet and its own, and one title`, async () => {
    const { head, titles } = await partsOf(path);
    const sheets = [...head.matchAll(/<link rel="stylesheet"[^>]*>/g)]
      .map(([link]) => /href="\/([^"?]+)/.exec(link)![1]!);
    assert.deepEqual(sheets.toSorted(), ["styles.css", "plotly.css", ...styles].toSorted());
    assert.deepEqual(titles.head, [title]);
    assert.ok(!titles.body.includes(title), "a picture has the page's title");
  });

  Deno.test(`GET ${path} has each meta tag and icon once`, async () => {
    const { head } = await partsOf(path);
    const names = [...head.matchAll(/<meta (?:name|charset)="([^"]+)"/g)].map(([, name]) => name);
    assert.deepEqual(names, ["utf-8", "viewport", "color-scheme"]);
    assert.equal(head.match(/rel="icon"/g)?.length, 1);
  });
}

Deno.test("pictures of /charts and /markets keep the titles of their parts", async () => {
  const charts = (await partsOf("/charts")).titles.body;
  assert.ok(charts.some((title) => title.startsWith("6 candles missing")), String(charts));
  const markets = (await partsOf("/markets")).titles.body;
  assert.deepEqual(markets.map((title) => title.slice(0, 3)), ["BTC", "ETH"]);
});

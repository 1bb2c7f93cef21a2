import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Kline } from "../../lib/core/kline.ts";
import { parseDecimal } from "../../lib/core/decimal.ts";
import { shiftOpen } from "../../lib/core/interval.ts";
import {
  browserTest,
  DESKTOP,
  holdEngine,
  openPage,
  PHONE,
  untilChartReady,
} from "../../lib/testing/browser/browser.ts";
import { LAST, openChartsSite } from "../../lib/testing/browser/charts_site.ts";
import { klineAt } from "../../lib/testing/klines.ts";

const site = await openChartsSite();
Deno.test.afterAll(site.close);
const { browser, origin, app } = site;

/** Open times of new listings, in hours before the newest candle. */
const LISTINGS: Readonly<Record<string, readonly number[]>> = {
  BNBUSDT: [0],
  SOLUSDT: [1, 0],
  XRPUSDT: [2, 1, 0],
  ADAUSDT: [7, 0],
  DOGEUSDT: [12, 5, 0],
  TRXUSDT: [0],
};
const FLAT = parseDecimal("100");
/** For the symbol that was listed and not traded. */
const UNTRADED = {
  openPrice: FLAT,
  highPrice: FLAT,
  lowPrice: FLAT,
  closePrice: FLAT,
  volume: parseDecimal("0"),
};
const candle = (symbol: string, hoursAgo: number): Kline =>
  klineAt(shiftOpen(LAST, "1h", -hoursAgo), "1h", {
    openPrice: parseDecimal("100"),
    highPrice: parseDecimal("112"),
    lowPrice: parseDecimal("95"),
    closePrice: parseDecimal(hoursAgo % 2 ? "96" : "110"),
    volume: parseDecimal("50"),
    ...symbol === "TRXUSDT" ? UNTRADED : {},
  });
for (const [symbol, hours] of Object.entries(LISTINGS)) {
  await app.addKlines(symbol, "1h", hours.map((ago) => candle(symbol, ago)));
}

interface Mark {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Marks narrower than a body: a line, a letter. */
const LEAST_WIDTH = 4;

/** Boxes painted in these colours between two heights of the plot's picture, from left to right. */
async function painted(
  page: Page,
  picture: string,
  colors: readonly string[],
  [top, bottom]: readonly [number, number],
): Promise<Mark[]> {
  const marks = await page.evaluate(async ({ picture, colors, top, bottom }) => {
    const plot = document.querySelector<HTMLElement>(".plot")!;
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext("2d")!;
    const rgbOf = (name: string) => {
      sheet.replaceSync(`.plot { outline-color: var(${name}); }`);
      context.fillStyle = getComputedStyle(plot).outlineColor;
      context.fillRect(0, 0, 1, 1);
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    const surface = rgbOf("--surface");
    const distance = (rgb: readonly number[], of: ArrayLike<number>, at = 0) => {
      let sum = 0;
      for (let i = 0; i < 3; i++) sum += (rgb[i]! - of[at + i]!) ** 2;
      return sum ** 0.5;
    };
    // An edge between two px is blended: it counts from about half of the colour on.
    const wanted = colors.map(rgbOf).map((rgb) => ({ rgb, most: 0.55 * distance(rgb, surface) }));
    document.adoptedStyleSheets.pop();
    const image = await createImageBitmap(
      new Blob([Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))]),
    );
    [canvas.width, canvas.height] = [image.width, image.height];
    context.drawImage(image, 0, 0);
    const axis = getComputedStyle(plot).getPropertyValue("--axis-width");
    const width = image.width - Number.parseFloat(axis) * devicePixelRatio;
    const [y0, y1] = [top, bottom].map((share) => Math.round(image.height * share));
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const isWanted = (x: number, y: number) =>
      wanted.some(({ rgb, most }) => distance(rgb, data, 4 * (y * image.width + x)) < most);
    const columns = Array.from({ length: width }, (_, x) => {
      const rows = Array.from({ length: y1! - y0! }, (_, i) => y0! + i);
      const ours = rows.filter((y) => isWanted(x, y));
      return ours.length === 0 ? undefined : { x, top: ours[0]!, bottom: ours.at(-1)! + 1 };
    });
    const runs: { x: number; top: number; bottom: number }[][] = [];
    columns.forEach((column, x) => {
      if (column && columns[x - 1]) runs.at(-1)!.push(column);
      else if (column) runs.push([column]);
    });
    // A wick is one or two columns of a mark: the middle column in height is the body's.
    const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;
    return runs.map((run) => ({
      left: run[0]!.x / devicePixelRatio,
      right: (run.at(-1)!.x + 1) / devicePixelRatio,
      top: middle(run.map(({ top }) => top)) / devicePixelRatio,
      bottom: middle(run.map(({ bottom }) => bottom)) / devicePixelRatio,
    }));
  }, { picture, colors, top, bottom });
  return marks.filter(({ left, right }) => right - left >= LEAST_WIDTH);
}

const NOT_MARKS = ".plot :is(text, .gap, .note, .last-line, .grid, .gridlayer)";

/** Bodies of candles, then the area of their volume. */
async function marksOf(page: Page): Promise<{ bodies: Mark[]; volume: Mark[] }> {
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
  }, `${NOT_MARKS} { visibility: hidden }`);
  const picture = (await page.locator(".plot").screenshot()).toString("base64");
  return {
    bodies: await painted(page, picture, ["--up", "--up-fill", "--down"], [0, 0.75]),
    volume: await painted(page, picture, ["--volume"], [0.78, 0.945]),
  };
}

/** Asserts that marks have the same positions; edges may differ by a px or two. */
function assertSamePlaces(actual: readonly Mark[], expected: readonly Mark[], name: string) {
  assert.equal(actual.length, expected.length, `${name}: ${JSON.stringify({ actual, expected })}`);
  actual.forEach((mark, i) => {
    for (const edge of ["left", "right", "top", "bottom"] as const) {
      const off = Math.abs(mark[edge] - expected[i]![edge]);
      assert.ok(off <= 2, `${edge} of ${name} ${i} moved: ${JSON.stringify({ actual, expected })}`);
    }
  });
}

/**
 * Cases differ in number of candles, distance, trades, scale, and width of a step. Neighbours at
 * 390 px are less than a px apart in Plotly, and would count as one body.
 */
const DEVICES = [
  {
    name: "1440 px",
    device: DESKTOP,
    queries: [...Object.keys(LISTINGS), "ADAUSDT&scale=log", "TRXUSDT&scale=log"],
  },
  {
    name: "390 px",
    device: { viewport: PHONE.viewport, deviceScaleFactor: 2 },
    queries: ["BNBUSDT", "ADAUSDT&scale=log"],
  },
];

for (const { name, device, queries } of DEVICES) {
  browserTest(
    `at ${name} bodies and volume of 1 to 3 candles do not move when Plotly takes over`,
    async () => {
      for (const query of queries) {
        await using watched = await openPage(browser, device);
        const { page } = watched;
        const letEngineLoad = await holdEngine(page);
        const address = `${origin}/charts?interval=1h&symbol=${query}`;
        await page.goto(address, { waitUntil: "commit" });
        await page.waitForSelector(".live[data-known]", { state: "attached" });
        const picture = await marksOf(page);
        letEngineLoad();
        await untilChartReady(page);
        const engine = await marksOf(page);
        assert.equal(picture.bodies.length, LISTINGS[query.split("&")[0]!]!.length, query);
        assertSamePlaces(engine.bodies, picture.bodies, `body of ${query}`);
        assertSamePlaces(engine.volume, picture.volume, `volume of ${query}`);
        assert.deepEqual(await watched.problems(), []);
      }
    },
  );
}

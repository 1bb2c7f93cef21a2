import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { ChartWindow } from "../../chart/model/chart_window.ts";
import type { Candle } from "../../chart/model/candle.ts";
import { toChartView } from "../../chart/model/chart_view.ts";
import type { ChartGap } from "../../chart/model/chart_gap.ts";
import { MAX_DRAWN, NARROW } from "../../chart/model/merge_candles.ts";
import { COMMON_OVERLAYS, type Overlay } from "../../core/overlay.ts";
import type { PictureWidth } from "../../chart/model/plot_height.ts";
import { parseTime } from "../../core/time.ts";
import { ChartPicture } from "./picture/ChartPicture.tsx";
import { GapBands } from "./picture/GapBands.tsx";

const HOUR = 3_600_000;
const start = parseTime("2025-05-01");

/** A deterministic walk with prices of a large coin that use all digits. */
function walk(count: number): Candle[] {
  let price = 104_591.88;
  return Array.from({ length: count }, (_, i) => {
    const open = price;
    price = Math.round(price * (1 + Math.sin(i * 7.3) * 0.012) * 100) / 100;
    const [high, low] = [Math.max(open, price) * 1.006, Math.min(open, price) * 0.993];
    const volume = Math.abs(3000 * Math.sin(i * 1.7));
    return {
      openTime: start + i * HOUR,
      open,
      high,
      low,
      close: price,
      volume,
      quoteVolume: volume * price,
      trades: 9,
      takerBuy: 1,
    };
  });
}

interface PictureOptions {
  readonly knownGaps?: readonly ChartGap[];
  readonly overlays?: readonly Overlay[];
  readonly before?: readonly Candle[];
  readonly width?: PictureWidth;
}

function picture(candles: readonly Candle[], options: PictureOptions = {}): string {
  const { width = "wide", knownGaps = [], ...rest } = options;
  const view = toChartView({
    interval: "1h",
    candles,
    knownGaps,
    tickSize: "0.01000000",
    ...rest,
  });
  const count = width === "wide" ? MAX_DRAWN : NARROW.inView;
  return renderToString(<ChartPicture view={view} count={count} width={width} label="A chart" />);
}

Deno.test("ChartPicture of 300 candles with gaps takes at most 12 kB and has no inline style", () => {
  const candles = walk(310).filter((_, i) => i < 50 || (i >= 55 && i < 200) || i >= 205);
  const html = picture(candles);
  assert.equal(candles.length, 300);
  assert.ok(html.length <= 12_000, `${html.length} bytes`);
  assert.doesNotMatch(html, /style=/);
});

/** A random walk. */
function wander(count: number): Candle[] {
  let [price, seed] = [104_591.88, 1];
  const chance = () => (seed = seed * 16_807 % 2_147_483_647) / 2_147_483_647;
  return walk(count).map((candle) => {
    const open = price;
    price = Math.round(price * (1 + (chance() - 0.5) * 0.012) * 100) / 100;
    const [high, low] = [Math.max(open, price) * 1.002, Math.min(open, price) * 0.998];
    return { ...candle, open, close: price, high, low, quoteVolume: candle.volume * price };
  });
}

Deno.test("ChartPicture with every overlay takes at most 12 kB, on either screen", () => {
  for (const candles of [walk(700), wander(700)]) {
    for (const width of ["wide", "narrow"] as const) {
      const html = picture(candles.slice(-300), {
        width,
        before: candles.slice(0, -300),
        overlays: COMMON_OVERLAYS,
      });
      assert.ok(html.length <= 12_000, `${html.length} bytes`);
      assert.equal(html.match(/class="study /g)?.length, 6);
    }
  }
});

Deno.test("ChartPicture of six bands is only slightly larger, and draws all of them", () => {
  const candles = wander(700);
  const html = picture(candles.slice(-300), {
    before: candles.slice(0, -300),
    overlays: [5, 7, 10, 12, 20, 50].map((period) => ({ kind: "bb", period })),
  });
  assert.ok(html.length <= 15_000, `${html.length} bytes`);
  assert.equal(html.match(/class="study /g)?.length, 18);
});

Deno.test("ChartPicture draws few paths for many candles, and labels over them", () => {
  const candles = walk(100);
  const html = picture(candles);
  assert.equal(html.match(/<path/g)?.length, 6);
  const count = (kind: string) =>
    new RegExp(`class="body-${kind}"><path[^>]* d="([^"]*)"`).exec(html)![1]!.match(/m/gi)!.length;
  assert.equal(count("up") + count("down"), 100);
  assert.match(html, /aria-label="A chart"/);
  assert.match(html, /high 1/);
  assert.ok(
    html.includes(candles.at(-1)!.close.toFixed(2).slice(-6)),
    "the newest close is tagged",
  );
});

Deno.test("ChartPicture hatches gaps by class at their positions, and names the reason", () => {
  const candles = walk(100).filter((_, i) => i < 40 || i >= 46);
  const gap: ChartGap = {
    from: start + 40 * HOUR,
    to: start + 46 * HOUR,
    missing: 6,
    class: "exchange_outage",
  };
  const html = picture(candles, { knownGaps: [gap] });
  const [, x, width] =
    /gap-exchange_outage"><title[^>]*>6 candles missing: [^<]*<\/title><rect class="gap-wash" x="([\d.]+)%" width="([\d.]+)%"/
      .exec(html)!;
  assert.ok(Math.abs(Number(x) - 100 * 40 / 105) < 0.2, `begins at ${x} %`);
  assert.ok(Math.abs(Number(width) - 100 * 6 / 105) < 0.2, `is ${width} % wide`);
  assert.match(html, /exchange outage/);
  assert.match(picture(candles), /gap-unexplained/);
});

Deno.test("GapBands draws no gap whose last slot is left of the left edge", () => {
  const window = { from: start, to: start + 10 * HOUR, stepMs: HOUR } as ChartWindow;
  const endsAt = (to: number): ChartGap => ({ from: to - HOUR, to, missing: 1, class: "pending" });
  const widths = (to: number) =>
    [
      ...renderToString(<GapBands window={window} gaps={[endsAt(to)]} />)
        .matchAll(/width="([-\d.]+)%"/g),
    ].map(([, width]) => Number(width));
  assert.deepEqual(widths(start + HOUR / 4), []);
  assert.deepEqual(widths(start + HOUR), [5, 5]);
});

Deno.test("ChartPicture labels missing candles in the price pane, not in the RSI pane", () => {
  const candles = walk(100).filter((_, i) => i < 40 || i >= 46);
  const html = picture(candles, { overlays: [{ kind: "rsi", period: 14 }] });
  const y = Number(/class="note-title"[^>]* y="([\d.]+)%"/.exec(html)![1]);
  const pane = Number(/class="rsi-band" y="([\d.]+)%"/.exec(html)![1]);
  assert.ok(y < pane - 5, `${y} % is above ${pane} %`);
});

Deno.test("ChartPicture of tiny prices keeps their digits", () => {
  const candles = walk(20).map((candle) => ({
    ...candle,
    open: 0.00001234,
    high: 0.00001301,
    low: 0.00001199,
    close: 0.00001288,
  }));
  const html = picture(candles);
  assert.match(html, />0\.00001288</);
  assert.doesNotMatch(html, /e-\d|NaN/);
});

Deno.test("ChartPicture draws imported candles apart, in their gap, and tags none of their prices", () => {
  const candles = walk(100).map((candle, i) =>
    i >= 40 && i < 46
      ? { ...candle, high: candle.high * 2, volume: i === 40 ? NaN : 9e9, isImported: true }
      : candle
  );
  const own = candles.filter(({ isImported }) => !isImported);
  const html = picture(candles);
  const marks = (part: string) => part.match(/[Mm][-\d. ]+v/g)?.length ?? 0;
  const [, imported, exchange] =
    /<svg class="marks imported"(.*?)<\/svg><svg class="marks"(.*?)<\/svg>/s
      .exec(html)!;
  const bodies = (part: string) =>
    [...part.matchAll(/class="lines" d="([^"]*)"/g)].reduce((sum, [, d]) => sum + marks(d!), 0);
  assert.deepEqual([bodies(imported!), bodies(exchange!)], [6, 94]);
  assert.match(html, /gap-unexplained.*6 candles missing/);
  assert.doesNotMatch(html, /NaN/);
  const highest = Math.max(...own.map(({ high }) => high));
  assert.match(html, new RegExp(`high ${Math.floor(highest / 1000)},`));
  assert.ok(html.includes(own.at(-1)!.close.toFixed(2).slice(-6)));
  assert.doesNotMatch(picture(candles.slice(40, 46)), /class="tag|extremes"><text/);
  assert.doesNotMatch(picture(own), /imported/);
});

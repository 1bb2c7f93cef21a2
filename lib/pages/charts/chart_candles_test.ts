import assert from "node:assert/strict";
import { type Interval, shiftOpen } from "../../core/interval.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../core/time.ts";
import type { ChartColumns } from "../../ports/chart_reader.ts";
import type { CandleQuery, SeriesExtent } from "../../ports/kline_reader.ts";
import type { ChartAddress } from "../../core/chart_address.ts";
import { readChartCandles, shownInterval } from "./chart_candles.ts";

const NOW = parseTime("2024-06-01T00:00Z");
const address = (change: Partial<ChartAddress> = {}): ChartAddress => ({
  symbol: "BTCUSDT",
  interval: "1h",
  ...change,
});

const held = (interval: Interval, firstOpenTime: number | undefined = 0): SeriesExtent => ({
  symbol: "BTCUSDT",
  interval,
  baseAsset: "BTC",
  quoteAsset: "USDT",
  status: "TRADING",
  tickSize: "0.01",
  rows: 1,
  importedRows: 0,
  offGrid: 0,
  firstOpenTime,
  lastOpenTime: NOW,
  listedAt: 0,
});

const ALL = [held("1h"), held("4h"), held("1d"), held("1w")];
const shown = (change: Partial<ChartAddress>, all: readonly SeriesExtent[] = ALL) =>
  shownInterval(address(change), all, NOW);

Deno.test("shownInterval() keeps the interval while a chart can draw its candles", () => {
  assert.equal(shown({}), "1h");
  assert.equal(shown({ from: NOW - 500 * HOUR_MS }), "1h");
  assert.equal(shown({ from: NOW - 501 * HOUR_MS }), "4h");
  assert.equal(shown({ from: NOW - 501 * HOUR_MS, to: NOW - HOUR_MS }), "1h");
  assert.equal(shown({ from: NOW - 900 * DAY_MS, isPinned: true }), "1h");
});

Deno.test("shownInterval() takes the shortest longer one that has few enough candles, else the longest", () => {
  assert.equal(shown({ from: NOW - 80 * DAY_MS }), "4h");
  assert.equal(shown({ from: NOW - 400 * DAY_MS }), "1d");
  assert.equal(shown({ from: NOW - 900 * DAY_MS }), "1w");
  assert.equal(shown({ from: NOW - 900 * DAY_MS }, ALL.slice(0, 2)), "4h");
  assert.equal(shown({ from: NOW - 900 * DAY_MS }, ALL.slice(0, 1)), "1h");
});

Deno.test("shownInterval() counts from the first stored candle, and skips intervals that start later", () => {
  const young = held("1h", NOW - 100 * HOUR_MS);
  assert.equal(shown({ from: 0 }, [young, ...ALL.slice(1)]), "1h", "its whole history fits");
  const late = [held("1h"), held("4h", NOW - DAY_MS), held("1d"), held("1w")];
  assert.equal(shown({ from: NOW - 80 * DAY_MS }, late), "1d");
  assert.equal(shown({ from: NOW - 80 * DAY_MS }, [held("1h"), held("4h", undefined)]), "4h");
});

/** A reader of `count` hourly candles, the last of which opens at `NOW`, that records its calls. */
function readerOf(count: number) {
  const asked: CandleQuery[] = [];
  const times = Array.from({ length: count }, (_, i) => shiftOpen(NOW, "1h", i + 1 - count));
  const read = (query: CandleQuery) => {
    asked.push(query);
    const { from, to = Infinity, limit } = query;
    const range = times.filter((time) => time >= (from ?? 0) && time < to);
    const open_time = from === undefined ? range.slice(-limit) : range.slice(0, limit);
    const zeros = open_time.map(() => 0);
    const columns = {
      open_time,
      open_price: zeros,
      high_price: zeros,
      low_price: zeros,
      close_price: zeros,
      volume: zeros,
      quote_asset_volume: zeros,
      number_of_trades: zeros,
      taker_buy_base_asset_volume: zeros,
    };
    const origins = open_time.map((openTime) => ({
      openTime,
      storedAt: NOW,
      origin: openTime === NOW ? "rest" as const : "monthly" as const,
      revisions: 0,
    }));
    return Promise.resolve<ChartColumns>({ columns, origins });
  };
  return { asked, read };
}

const SMA20 = [{ kind: "sma", period: 20 }] as const;

Deno.test("readChartCandles() without a range reads the newest 300, and those that overlays need", async () => {
  const { read } = readerOf(1_000);
  const plain = await readChartCandles(read, address());
  assert.deepEqual([plain.candles.length, plain.before.length, plain.isCut], [300, 0, false]);
  const { candles, before } = await readChartCandles(read, address({ overlays: SMA20 }));
  assert.deepEqual([candles.length, before.length], [300, 19]);
  assert.deepEqual(plain.provenance.map(({ first, last, origin }) => [first, last, origin]), [
    [candles[0]!.openTime, NOW - HOUR_MS, "monthly"],
    [NOW, NOW, "rest"],
  ]);
  assert.equal(candles.at(-1)!.openTime, NOW);
  assert.equal(before.at(-1)!.openTime, candles[0]!.openTime - HOUR_MS);
});

Deno.test("readChartCandles() of a range starts at its beginning, with the preceding candles for overlays", async () => {
  const from = NOW - 49 * HOUR_MS;
  const { read } = readerOf(1_000);
  const { candles, before, isCut } = await readChartCandles(
    read,
    address({ from, to: NOW, overlays: SMA20 }),
  );
  assert.deepEqual([candles[0]!.openTime, candles.length, before.length], [from, 49, 19]);
  assert.equal(isCut, false);
  const young = await readChartCandles(readerOf(10).read, address({ from, overlays: SMA20 }));
  assert.deepEqual([young.candles.length, young.before.length], [10, 0]);
});

Deno.test("readChartCandles() of too long a range reads its newest 5000 candles, and says so", async () => {
  const { read } = readerOf(6_000);
  const range = { from: NOW - 5_500 * HOUR_MS, to: NOW - 100 * HOUR_MS };
  const { candles, isCut } = await readChartCandles(read, address(range));
  assert.deepEqual([candles.length, isCut], [5_000, true]);
  assert.equal(candles.at(-1)!.openTime, range.to - HOUR_MS);
});

import assert from "node:assert/strict";
import { type Interval, intervalMs, shiftOpen } from "../../core/interval.ts";
import type { KlineColumns } from "../../core/kline.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../core/time.ts";
import type { CandleQuery, KlineReader, SeriesExtent } from "../../ports/kline_reader.ts";
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
  const columns = (query: CandleQuery) => {
    asked.push(query);
    const { from, to = Infinity, limit } = query;
    const range = times.filter((time) => time >= (from ?? 0) && time < to);
    const open_time = from === undefined ? range.slice(-limit) : range.slice(0, limit);
    const zeros = open_time.map(() => 0);
    const result: KlineColumns = {
      symbol: "BTCUSDT",
      interval: "1h",
      open_time,
      open_price: zeros,
      high_price: zeros,
      low_price: zeros,
      close_price: zeros,
      volume: zeros,
      close_time: open_time.map((time) => time + intervalMs("1h") - 1),
      quote_asset_volume: zeros,
      number_of_trades: zeros,
      taker_buy_base_asset_volume: zeros,
      taker_buy_quote_asset_volume: zeros,
    };
    return Promise.resolve(result);
  };
  return { asked, reader: { columns } as unknown as KlineReader };
}

const SMA20 = [{ kind: "sma", period: 20 }] as const;

Deno.test("readChartCandles() without a range reads the newest 300, and those that overlays need", async () => {
  const { reader } = readerOf(1_000);
  const plain = await readChartCandles(reader, address());
  assert.deepEqual([plain.candles.length, plain.before.length, plain.isCut], [300, 0, false]);
  const { candles, before } = await readChartCandles(reader, address({ overlays: SMA20 }));
  assert.deepEqual([candles.length, before.length], [300, 19]);
  assert.equal(candles.at(-1)!.openTime, NOW);
  assert.equal(before.at(-1)!.openTime, candles[0]!.openTime - HOUR_MS);
});

Deno.test("readChartCandles() of a range starts at its beginning, with the preceding candles for overlays", async () => {
  const from = NOW - 49 * HOUR_MS;
  const { reader } = readerOf(1_000);
  const { candles, before, isCut } = await readChartCandles(
    reader,
    address({ from, to: NOW, overlays: SMA20 }),
  );
  assert.deepEqual([candles[0]!.openTime, candles.length, before.length], [from, 49, 19]);
  assert.equal(isCut, false);
  const young = await readChartCandles(readerOf(10).reader, address({ from, overlays: SMA20 }));
  assert.deepEqual([young.candles.length, young.before.length], [10, 0]);
});

Deno.test("readChartCandles() of too long a range reads its newest 5000 candles, and says so", async () => {
  const { reader } = readerOf(6_000);
  const range = { from: NOW - 5_500 * HOUR_MS, to: NOW - 100 * HOUR_MS };
  const { candles, isCut } = await readChartCandles(reader, address(range));
  assert.deepEqual([candles.length, isCut], [5_000, true]);
  assert.equal(candles.at(-1)!.openTime, range.to - HOUR_MS);
});

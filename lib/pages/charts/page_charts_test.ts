import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import type { StoredSeries } from "../../ports/chart_reader.ts";
import { createAnswerCache } from "../../http/answer_cache.ts";
import type { Services } from "../../http/define.ts";
import { readCharts } from "./page_charts.ts";

const NOW = parseTime("2024-06-01T00:10Z");
const symbols = ["BTCUSDT", "ETHUSDT"];

/** An empty store that counts its calls. */
function countingServices() {
  const asked: string[] = [];
  const count = <T>(name: string, answer: T) => () => {
    asked.push(name);
    return Promise.resolve(answer);
  };
  const extentOf = (symbol: string): StoredSeries => ({
    lineage: 1,
    version: 1,
    importedVersion: 0,
    firstImported: undefined,
    lastImported: undefined,
    symbol,
    interval: "1h",
    baseAsset: symbol.slice(0, 3),
    quoteAsset: "USDT",
    status: "TRADING",
    tickSize: "0.01",
    rows: 1,
    importedRows: 0,
    offGrid: 0,
    firstOpenTime: NOW,
    lastOpenTime: NOW,
    listedAt: NOW,
  });
  const services = {
    answers: createAnswerCache(),
    exchange: { serverTime: () => NOW, read: () => ({}) },
    settings: { intervals: ["1h"], historySince: 0 },
    symbols: { current: () => symbols, read: () => Promise.resolve(symbols) },
    reader: {
      quotes: count("quotes", []),
    },
    gaps: { list: count("gaps", []) },
    rollups: { find: count("rollups", undefined) },
    marketCaps: { newest: count("caps", []) },
    directory: { list: count("coins", { coins: [], unresolved: [] }) },
    charts: {
      series: (symbol: string) => count("series", [extentOf(symbol)])(),
      markets: count("markets", symbols.map(extentOf)),
      candles: count("candles", { columns: { open_time: [] }, origins: [] }),
      outline: count("outline", []),
    },
  };
  return { services: services as unknown as Services, asked };
}

Deno.test("concurrent readCharts() calls read shared data once", async () => {
  const { services, asked } = countingServices();
  const data = await Promise.all(
    symbols.map((symbol) => readCharts(services, { symbol, interval: "1h" })),
  );
  assert.deepEqual(data.map(({ coverage }) => coverage?.symbol), symbols);
  const times = (name: string) => asked.filter((one) => one === name).length;
  for (const name of ["markets", "quotes", "caps"]) assert.equal(times(name), 1, name);
  for (const name of ["series", "candles", "gaps", "outline", "rollups"]) {
    assert.equal(times(name), 2, name);
  }
});

import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import type { CapRow } from "../../marketcap/cap_rows.ts";
import {
  type MarketCoin,
  type MarketFacts,
  type MarketSort,
  sortMarketRows,
  toMarketRows,
} from "./market_rows.ts";

const NOW = parseTime("2024-06-01T00:10Z");

const coin = (ticker: string, change: Partial<MarketCoin> = {}): MarketCoin => ({
  id: ticker.toLowerCase(),
  ticker,
  symbol: `${ticker}USDT`,
  rank: 1,
  candidates: 0,
  ...change,
});

const cap = (ticker: string, marketCap: number): CapRow => ({
  coin: ticker.toLowerCase(),
  symbol: ticker,
  price: marketCap / 10,
  circulating_supply: 10,
  market_cap: marketCap,
  change_24h: null,
  source: "coingecko",
  taken_at: NOW,
  age_ms: 0,
});

const facts = (change: Partial<MarketFacts> = {}): MarketFacts => ({
  coins: [coin("ADA"), coin("NEW"), coin("BTC")],
  rows: [cap("BTC", 300), cap("ADA", 100)],
  supplies: [],
  quotes: [],
  changes: new Map(),
  markets: [],
  now: NOW,
  ...change,
});

const rowOf = (ticker: string, change: Partial<MarketFacts> = {}) =>
  toMarketRows(facts(change)).find((row) => row.ticker === ticker)!;

Deno.test("toMarketRows() ranks coins by market cap; one without data comes last and has no rank", () => {
  const rows = toMarketRows(facts());
  assert.deepEqual(rows.map(({ ticker, rank, share }) => [ticker, rank, share]), [
    ["BTC", 1, 0.75],
    ["ADA", 2, 0.25],
    ["NEW", undefined, undefined],
  ]);
});

Deno.test("a coin keeps its colour whatever its rank, and the eleventh has the first colour", () => {
  const coins = Array.from({ length: 11 }, (_, i) => coin(`C${i}`));
  const rows = toMarketRows(facts({ coins, rows: [cap("C10", 5), cap("C0", 1)] }));
  assert.deepEqual(rows.slice(0, 3).map(({ ticker, colour }) => [ticker, colour]), [
    ["C10", 1],
    ["C0", 1],
    ["C1", 2],
  ]);
});

Deno.test("each row has the change and the closes of one coin", () => {
  const quotes = [{ symbol: "BTCUSDT", closes: [90, 110] }];
  const changes = new Map([["btc", 0.1]]);
  assert.equal(rowOf("BTC", { changes }).dayChange, 0.1);
  assert.equal(rowOf("ADA", { changes }).dayChange, undefined);
  assert.deepEqual(rowOf("BTC", { quotes }).closes, [90, 110]);
  assert.deepEqual(rowOf("ADA", { quotes }).closes, []);
});

Deno.test("prices have the decimals of the symbol's price step, two without one", () => {
  const markets = [{ symbol: "ADAUSDT", tickSize: "0.00010000" }];
  assert.equal(rowOf("ADA", { markets }).priceDecimals, 4);
  assert.equal(rowOf("BTC", { markets }).priceDecimals, 2);
});

Deno.test("a price below 1 has four significant digits, whatever the symbol's price step", () => {
  const markets = [{ symbol: "ADAUSDT", tickSize: "0.01000000" }];
  const decimals = [0.0557, 0.5, 0.0000237, 0].map((price) => {
    const rows = [{ ...cap("ADA", 100), price }];
    return rowOf("ADA", { markets, rows }).priceDecimals;
  });
  assert.deepEqual(decimals, [5, 4, 8, 2]);
});

Deno.test("a supply is stale once it is more than an hour old", () => {
  const supplyOf = (takenAt: number) =>
    rowOf("BTC", {
      supplies: [{ coin: "btc", supply: "19700000.5", source: "coingecko", takenAt }],
    }).supply!;
  assert.deepEqual(supplyOf(NOW - HOUR_MS), {
    value: 19_700_000.5,
    source: "coingecko",
    takenAt: NOW - HOUR_MS,
    isStale: false,
  });
  assert.equal(supplyOf(NOW - HOUR_MS - 1).isStale, true);
  assert.equal(rowOf("BTC").supply, undefined);
});

Deno.test("a looked-up coin shows its ID, its rank, and the number of coins with its ticker", () => {
  const originOf = (change: Partial<MarketCoin>) =>
    toMarketRows(facts({ coins: [coin("S", { id: "sonic-3", ...change })], rows: [] }))[0]!.origin;
  assert.equal(originOf({ candidates: 0 }), undefined);
  assert.equal(originOf({ candidates: 1, rank: 67 }), "sonic-3, rank 67");
  assert.match(originOf({ candidates: 4, rank: 67 })!, /^sonic-3, rank 67, .*\b4 coins$/);
  assert.match(originOf({ candidates: 1, rank: undefined })!, /^sonic-3, unranked$/);
});

Deno.test("sortMarketRows() orders by any column, both ways, with rows without a value last", () => {
  const rows = toMarketRows(facts());
  const order = (sort: MarketSort, isAscending: boolean) =>
    sortMarketRows(rows, { sort, isAscending }).map(({ ticker }) => ticker).join(" ");
  assert.equal(order("cap", false), "BTC ADA NEW");
  assert.equal(order("cap", true), "ADA BTC NEW");
  assert.equal(order("price", true), "ADA BTC NEW");
  assert.equal(order("share", false), "BTC ADA NEW");
  assert.equal(order("coin", true), "ADA BTC NEW");
  assert.equal(order("coin", false), "NEW BTC ADA");
  assert.equal(order("change", true), "BTC ADA NEW", "no value at all: the order stays");
});

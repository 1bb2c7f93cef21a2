import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../../../core/time.ts";
import { pairName, type SymbolRowsSource, toSymbolRows } from "./symbol_row.ts";

const NOW = parseTime("2024-06-01T00:01Z");
const LAST = parseTime("2024-05-31T23:00Z");

const source = (change: Partial<SymbolRowsSource> = {}): SymbolRowsSource => ({
  entries: [
    { symbol: "ETHUSDT", base: "ETH", quote: "USDT", name: "Ethereum", tickSize: "0.01000000" },
    { symbol: "NEWUSDT", base: "NEWUSDT", quote: "", name: "", tickSize: undefined },
  ],
  quotes: [{ symbol: "ETHUSDT", lastOpenTime: LAST, closes: [3_600, 3_780], dayAgo: 3_600 }],
  interval: "1h",
  serverTime: NOW,
  ...change,
});

Deno.test("toSymbolRows() has a row for each symbol in its order, also without anything known", () => {
  const [eth, unknown] = toSymbolRows(source());
  assert.deepEqual([eth!.base, eth!.quote, eth!.name, pairName(eth!)], [
    "ETH",
    "USDT",
    "Ethereum",
    "ETH/USDT",
  ]);
  const { last, decimals, freshness, dayAgo } = eth!.price!;
  assert.deepEqual([last, decimals, freshness, dayAgo], [3_780, 2, "fresh", 3_600]);
  assert.deepEqual(unknown, {
    symbol: "NEWUSDT",
    base: "NEWUSDT",
    quote: "",
    name: undefined,
    price: undefined,
  });
  assert.equal(pairName(unknown!), "NEWUSDT");
});

Deno.test("a price without one of a day ago, or with one of zero, has none to compare with", () => {
  for (const dayAgo of [undefined, 0]) {
    const quotes = [{ ...source().quotes[0]!, dayAgo }];
    const { price } = toSymbolRows(source({ quotes }))[0]!;
    assert.equal(price!.dayAgo, undefined);
  }
});

Deno.test("the freshness of a price is that of its candle, in the interval that was read", () => {
  const quotes = [{ ...source().quotes[0]!, lastOpenTime: LAST - 5 * HOUR_MS }];
  assert.equal(toSymbolRows(source({ quotes }))[0]!.price!.freshness, "stale");
  assert.equal(toSymbolRows(source({ quotes, interval: "4h" }))[0]!.price!.freshness, "fresh");
});

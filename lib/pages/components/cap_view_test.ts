import assert from "node:assert/strict";
import type { CapRow } from "../../marketcap/cap_rows.ts";
import { capTitle, toCapView } from "./cap_view.ts";

const coins = [
  { id: "bitcoin", ticker: "BTC" },
  { id: "ethereum", ticker: "ETH" },
  { id: "cardano", ticker: "ADA" },
];

const row = (coin: string, cap: number, change: Partial<CapRow> = {}): CapRow => ({
  coin,
  symbol: coins.find(({ id }) => id === coin)!.ticker,
  price: 1,
  circulating_supply: cap,
  market_cap: cap,
  change_24h: null,
  source: "coingecko",
  taken_at: 1000,
  age_ms: 0,
  ...change,
});

Deno.test("toCapView() computes shares of known values, largest first, with fixed colours", () => {
  const view = toCapView(coins, [row("cardano", 1), row("bitcoin", 3, { taken_at: 900 })]);
  assert.deepEqual(view.slices.map(({ ticker, share, colour }) => [ticker, share, colour]), [
    ["BTC", 0.75, 1],
    ["ADA", 0.25, 3],
  ]);
  assert.deepEqual([view.total, view.takenAt], [4, 900]);
  assert.deepEqual(view.missing, ["ETH"]);
  assert.equal(capTitle(view), "share of 2 of 3 coins");
});

Deno.test("toCapView() marks derived values and names every source", () => {
  const rows = coins.map(({ id }, i) => row(id, 1, i === 0 ? { source: "derived" } : {}));
  const view = toCapView(coins, rows);
  assert.deepEqual(view.slices.map(({ isDerived }) => isDerived), [true, false, false]);
  assert.deepEqual(view.sources, ["coingecko", "derived"]);
  assert.equal(capTitle(view), "share of these 3 coins");
});

Deno.test("toCapView() without values has no slices, and lists every coin as missing", () => {
  const view = toCapView(coins, []);
  assert.deepEqual([view.slices, view.total, view.takenAt], [[], 0, undefined]);
  assert.equal(view.missing.length, 3);
  assert.equal(capTitle(view), "no data yet");
});

Deno.test("toCapView() counts a wrapped coin only if the coin that it stands for is absent", () => {
  const both = [
    { id: "bitcoin", ticker: "BTC" },
    { id: "wrapped-bitcoin", ticker: "WBTC", wraps: "BTC" },
  ];
  const rows = both.map(({ id, ticker }) => ({
    coin: id,
    symbol: ticker,
    market_cap: 10,
    source: "coingecko",
    taken_at: 0,
  }));
  const view = toCapView(both, rows);
  assert.equal(view.total, 10);
  assert.deepEqual(view.wrapped.map(({ ticker }) => ticker), ["WBTC"]);
  assert.deepEqual([view.slices.length, view.missing], [1, []]);
  const alone = toCapView(both.slice(1), rows.slice(1));
  assert.deepEqual([alone.total, alone.wrapped], [10, []]);
});

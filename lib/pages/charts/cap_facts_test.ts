import assert from "node:assert/strict";
import { packCaps, unpackCaps } from "./cap_facts.ts";

Deno.test("unpackCaps() restores coins, those without a market cap included", () => {
  const coins = [
    { id: "bitcoin", ticker: "BTC", wraps: undefined },
    { id: "wrapped-bitcoin", ticker: "WBTC", wraps: "bitcoin" },
  ];
  const row = {
    coin: "bitcoin",
    symbol: "BTC",
    market_cap: 2e12,
    source: "coingecko",
    taken_at: 7,
  };
  assert.deepEqual(unpackCaps(packCaps(coins, [row])), { coins, rows: [row] });
});

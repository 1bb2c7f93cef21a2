import assert from "node:assert/strict";
import { coinsOf } from "./coins.ts";

Deno.test("coinsOf() names the ten default coins by id, in the order of the symbols", () => {
  const symbols = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
  assert.deepEqual(coinsOf(symbols.map((ticker) => `${ticker}USDT`)).map((coin) => coin.id), [
    ...["bitcoin", "ethereum", "binancecoin", "solana", "ripple", "cardano", "dogecoin"],
    ...["tron", "avalanche-2", "chainlink"],
  ]);
});

Deno.test("coinsOf() leaves out markets of coins it does not know, and other quotes", () => {
  assert.deepEqual(coinsOf(["NOPEUSDT", "ETHBTC", "USDT"]), []);
});

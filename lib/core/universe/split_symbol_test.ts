import assert from "node:assert/strict";
import { splitSymbol } from "./split_symbol.ts";

Deno.test("splitSymbol() splits at a known quote asset, preferably after a known base asset", () => {
  const known = { bases: new Set(["BTC", "LEND", "AUSD"]), quotes: new Set(["T", "USDT", "BTC"]) };
  const split = (symbol: string) => {
    const assets = splitSymbol(symbol, known);
    return assets && `${assets.baseAsset}/${assets.quoteAsset}`;
  };
  assert.equal(split("LENDBTC"), "LEND/BTC");
  assert.equal(split("LENDUSDT"), "LEND/USDT");
  assert.equal(split("AUSDT"), "AUSD/T");
  assert.equal(split("MCOUSDT"), "MCO/USDT");
  assert.equal(split("BTC"), undefined);
  assert.equal(split("XYZEUR"), undefined);
  assert.equal(split("OLDAUSD"), "OLD/AUSD");
});

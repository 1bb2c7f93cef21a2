import assert from "node:assert/strict";
import { findChoices } from "./symbol_choices.ts";

const choices = [
  ["BTC", "USDT", "Bitcoin"],
  ["ETH", "USDT", "Ethereum"],
  ["BCH", "USDT", "Bitcoin Cash"],
  ["ETC", "USDT", "Ethereum Classic"],
  ["BNB", "USDT", ""],
  ["ETH", "BTC", "Ethereum"],
].map(([base, quote, name]) => ({
  symbol: `${base}${quote}`,
  base: base!,
  quote: quote!,
  name: name!,
}));

const found = (query: string, recent: string[] = []) =>
  findChoices(choices, query, recent).map(({ symbol }) => symbol).join(" ");

Deno.test("findChoices() matches symbol, base and name, ignoring case and separators", () => {
  const cases: [string, string][] = [
    ["btcusdt", "BTCUSDT"],
    ["btc/usdt", "BTCUSDT"],
    ["BNB", "BNBUSDT"],
    ["ether", "ETHUSDT ETCUSDT ETHBTC"],
    ["cash", "BCHUSDT"],
    ["bitcoin c", "BCHUSDT"],
    ["doge", ""],
  ];
  for (const [query, symbols] of cases) assert.equal(found(query), symbols, query);
});

Deno.test("findChoices() lists matches at the beginning first, symbols before names", () => {
  assert.equal(found("b"), "BTCUSDT BCHUSDT BNBUSDT ETHBTC");
  assert.equal(found("c"), "BCHUSDT ETCUSDT BTCUSDT ETHBTC");
});

Deno.test("findChoices() lists recent symbols first among equals, the latest at the top", () => {
  assert.equal(
    found("", ["BNBUSDT", "ETHUSDT"]),
    "BNBUSDT ETHUSDT BTCUSDT BCHUSDT ETCUSDT ETHBTC",
  );
  assert.equal(found("eth", ["ETCUSDT", "ETHBTC"]), "ETHBTC ETHUSDT ETCUSDT");
});

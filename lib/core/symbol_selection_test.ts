import assert from "node:assert/strict";
import {
  namedSymbols,
  type SelectableMarket,
  selectSymbols,
  symbolSelectionRule,
} from "./symbol_selection.ts";

const market = (base: string, quoteAsset: string, status = "TRADING"): SelectableMarket => ({
  symbol: base + quoteAsset,
  quoteAsset,
  status,
});
const markets = [
  market("BTC", "USDT"),
  market("ETH", "USDT"),
  market("BTCUP", "USDT"),
  market("OLD", "USDT", "BREAK"),
  market("BTC", "USDC"),
  market("ETH", "BTC"),
  market("BTC", "TRY"),
];
const ranking = ["ETHUSDT", "BTCUSDT", "BTCTRY", "BTCUSDC", "ETHBTC"];

function select(text: string, members: Record<string, string[]> = {}) {
  const known = new Map(Object.entries(members).map(([name, all]) => [name, new Set(all)]));
  return selectSymbols(symbolSelectionRule.parse(text), { markets, ranking, members: known });
}

Deno.test("named symbols come in the order of the text, listed or not", () => {
  assert.deepEqual(select("NEWUSDT, BTCUSDT,NEWUSDT").symbols, ["NEWUSDT", "BTCUSDT"]);
  assert.deepEqual(namedSymbols(symbolSelectionRule.parse("BTCUSDT,ETHUSDT")), [
    "BTCUSDT",
    "ETHUSDT",
  ]);
  for (const text of ["*USDT", "all", "BTCUSDT,top:3", "BTCUSDT,-*UPUSDT", "quote:USDT,USDC"]) {
    assert.equal(namedSymbols(symbolSelectionRule.parse(text)), undefined, text);
  }
});

Deno.test("patterns and groups take trading markets, the most traded first", () => {
  assert.deepEqual(select("*USDT").symbols, ["ETHUSDT", "BTCUSDT", "BTCUPUSDT"]);
  assert.deepEqual(select("BTC*T").symbols, ["BTCUSDT", "BTCUPUSDT"]);
  assert.deepEqual(select("quote:TRY").symbols, ["BTCTRY"]);
  assert.deepEqual(select("all").symbols, [...ranking, "BTCUPUSDT"].toSorted(byRank));
  assert.deepEqual(select("top:2").symbols, ["ETHUSDT", "BTCUSDT"]);
  assert.deepEqual(select("top:1:TRY,top:1:USDC").symbols, ["BTCTRY", "BTCUSDC"]);
});

Deno.test("after quote: further items are quote assets where no symbol has that name", () => {
  assert.deepEqual(select("quote:TRY,USDC").symbols, ["BTCTRY", "BTCUSDC"]);
  assert.deepEqual(select("quote:TRY,ETHBTC").symbols, ["BTCTRY", "ETHBTC"]);
  assert.deepEqual(select("all,-quote:USDT,-quote:USDC").symbols, select("quote:TRY,BTC").symbols);
});

Deno.test("exclusions leave out names, patterns and groups, also of named symbols", () => {
  assert.deepEqual(select("*USDT,-*UPUSDT").symbols, ["ETHUSDT", "BTCUSDT"]);
  assert.deepEqual(select("BTCUSDT,ETHUSDT,-BTCUSDT").symbols, ["ETHUSDT"]);
  assert.deepEqual(select("top:2,-ETHUSDT").symbols, ["BTCUSDT", "BTCTRY"]);
});

Deno.test("status: decides which markets a group adds, and any adds all", () => {
  assert.deepEqual(select("*USDT,status:BREAK").symbols, ["OLDUSDT"]);
  assert.deepEqual(select("*USDT,-BTC*,status:any").symbols, ["ETHUSDT", "OLDUSDT"]);
});

Deno.test("members of a group stay when they are no longer trading or have lost their rank", () => {
  assert.deepEqual(select("top:1", { top: ["BTCUSDC", "OLDUSDT"] }).symbols, [
    "ETHUSDT",
    "BTCUSDC",
    "OLDUSDT",
  ]);
  assert.deepEqual(select("*USDT,-BTC*", { "*USDT": ["OLDUSDT"] }).symbols, ["ETHUSDT", "OLDUSDT"]);
  assert.deepEqual(
    select("top:1", { "*USDT": ["OLDUSDT"] }).symbols,
    ["ETHUSDT"],
    "members of another group do not stay",
  );
  assert.deepEqual(select("top:1").members, new Map([["top", new Set(["ETHUSDT"])]]));
});

Deno.test("a malformed selection is rejected with the accepted syntax", () => {
  const cases: Record<string, RegExp> = {
    "btcusdt": /must be a symbol in capitals, such as BTCUSDT/,
    "BTC+USDT": /must be a symbol in capitals/,
    "top:0": /must have symbols such as BTCUSDT, patterns such as \*USDT/,
    "top:": /must have symbols/,
    "quote:usdt": /must have symbols/,
    "status:": /must have symbols/,
    "-": /must have symbols/,
    "*usdt": /must have symbols/,
    "BTCUSDT,,ETHUSDT": /has an empty item/,
    "-*UPUSDT": /selects nothing/,
  };
  for (const [text, message] of Object.entries(cases)) {
    assert.match(symbolSelectionRule.safeParse(text).error?.message ?? "", message, text);
  }
});

function byRank(a: string, b: string): number {
  const place = (symbol: string) =>
    ranking.includes(symbol) ? ranking.indexOf(symbol) : ranking.length;
  return place(a) - place(b);
}

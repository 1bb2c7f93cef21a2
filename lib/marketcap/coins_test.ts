import assert from "node:assert/strict";
import { DAY_MS, parseTime } from "../core/time.ts";
import type { CoinFacts, KnownCoin, SymbolAssets, UsdStep } from "../ports/market_caps.ts";
import { lookupNames } from "./assets.ts";
import { coinsOf, resolveCoins } from "./coins.ts";

const NOON = parseTime("2026-11-20T12:00Z");

/** A collected market with candles up to some days ago. */
function held(base: string, quote: string, daysAgo = 0): SymbolAssets {
  return { symbol: base + quote, base, quote, heldUntil: NOON - daysAgo * DAY_MS };
}

const nothing: CoinFacts = { assets: [], known: [] };

function known(ticker: string, id: string | undefined, change: Partial<KnownCoin> = {}): KnownCoin {
  return {
    ticker,
    id,
    name: id,
    coinMarketCapId: undefined,
    rank: 7,
    candidates: 1,
    multiplier: 1,
    provider: "coingecko",
    checkedAt: 0,
    ...change,
  };
}

Deno.test("coinsOf() names the ten default coins by id, in the order of the symbols", () => {
  const symbols = ["BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "TRX", "AVAX", "LINK"];
  assert.deepEqual(coinsOf(symbols.map((ticker) => `${ticker}USDT`)).map((coin) => coin.id), [
    "bitcoin",
    "ethereum",
    "binancecoin",
    "solana",
    "ripple",
    "cardano",
    "dogecoin",
    "tron",
    "avalanche-2",
    "chainlink",
  ]);
});

Deno.test("resolveCoins() lists each base asset once, whatever its quotes, in US dollars if possible", () => {
  const { coins, unresolved } = resolveCoins(
    ["BTCEUR", "BTCUSDC", "ETHFDUSD", "SOLBTC", "ADATRY", "XRPEUR"],
    {
      assets: [
        held("BTC", "USDC"),
        held("EUR", "USDT"),
        held("USDT", "TRY"),
        { symbol: "BTCBUSD", base: "BTC", quote: "BUSD", heldUntil: undefined },
      ],
      known: [],
    },
  );
  assert.deepEqual(coins.map(({ ticker, usd }) => `${ticker} ${pathText(usd)}`), [
    "BTC BTCUSDC",
    "ETH ETHFDUSD",
    "SOL SOLBTC * BTCUSDC",
    "ADA ADATRY / USDTTRY",
    "XRP XRPEUR * EURUSDT",
  ]);
  assert.deepEqual(unresolved, []);
});

/** `ADATRY / USDTTRY` */
function pathText(usd: readonly UsdStep[] | undefined): string {
  if (usd === undefined) return "none";
  return usd.map(({ symbol, isInverse }, i) =>
    i === 0 ? symbol : `${isInverse ? "/" : "*"} ${symbol}`
  )
    .join(" ");
}

Deno.test("a price in US dollars comes from current, collected markets, over two of them if necessary", () => {
  const cases: [string, string[], SymbolAssets[]][] = [
    ["XRPEUR / BTCEUR * BTCUSDT", ["XRPEUR"], [held("BTC", "EUR"), held("BTC", "USDT")]],
    ["SOLBTC * BTCFDUSD", ["SOLBTC"], [held("BTC", "USDT", 30), held("BTC", "FDUSD")]],
    ["SOLBTC * BTCUSDT", ["SOLBTC"], [held("BTC", "FDUSD"), held("BTC", "USDT")]],
    ["ADATRY", ["ADATRY"], [held("EUR", "USDT")]],
    ["MATICUSDT", ["MATICBTC", "MATICUSDT"], [held("BTC", "USDT")]],
    ["XBTC * BTCUSDT", ["XUSDT", "XBTC"], [
      held("X", "USDT", 30),
      held("X", "BTC"),
      held("BTC", "USDT"),
    ]],
  ];
  for (const [expected, symbols, assets] of cases) {
    const { coins: [coin] } = resolveCoins(symbols, {
      assets,
      known: [known("X", "x"), known("MATIC", "pol")],
    });
    const path = coin!.usd === undefined ? coin!.symbol : pathText(coin!.usd);
    assert.equal(path, expected);
  }
});

Deno.test("resolveCoins() uses the exchange's assets, and the provider's coins", () => {
  const { coins } = resolveCoins(["XUSDT", "BTCUSDT"], {
    assets: [{ symbol: "XUSDT", base: "XUSD", quote: "T", heldUntil: undefined }],
    known: [known("XUSD", "x-dollar"), known("BTC", "bitcoin-renamed", { name: "Bitcoin 2" })],
  });
  assert.deepEqual(coins.map(({ ticker, id, name }) => [ticker, id, name]), [
    ["XUSD", "x-dollar", "x-dollar"],
    ["BTC", "bitcoin-renamed", "Bitcoin 2"],
  ]);
});

Deno.test("resolveCoins() returns the reason why a base asset has no market cap", () => {
  const symbols = ["EURUSDT", "BTCUPUSDT", "NOPEUSDT", "JUPUSDT", "NEWUSDT"];
  const { coins, unresolved } = resolveCoins(symbols, {
    assets: [],
    known: [known("NOPE", undefined), known("JUP", "jupiter-exchange-solana")],
  });
  assert.deepEqual(coins.map(({ id }) => id), ["jupiter-exchange-solana"]);
  assert.deepEqual(unresolved.map(({ ticker, reason, isCoin }) => [ticker, reason, isCoin]), [
    ["EUR", "a currency, not a coin", false],
    ["BTCUP", "a leveraged token", false],
    ["NOPE", "CoinGecko lists no such coin", true],
    ["NEW", "not looked up yet", true],
  ]);
});

Deno.test("resolveCoins() lists a coin with an old and a new ticker once, under the new one", () => {
  const both = [known("MATIC", "polygon-ecosystem-token"), known("POL", "polygon-ecosystem-token")];
  for (const symbols of [["MATICUSDT", "POLUSDT"], ["POLUSDT", "MATICUSDT"]]) {
    const { coins } = resolveCoins(symbols, { ...nothing, known: both });
    assert.deepEqual(coins.map(({ ticker }) => ticker), ["POL"], symbols.join());
  }
});

Deno.test("lookupNames() handles renamed coins and tickers that stand for many units", () => {
  const names = (ticker: string) =>
    lookupNames(ticker).map(({ name, multiplier }) => `${multiplier} ${name}`);
  assert.deepEqual(names("BTC"), ["1 BTC"]);
  assert.deepEqual(names("MATIC"), ["1 POL", "1 MATIC"]);
  assert.deepEqual(names("NANO"), ["1 XNO", "1 NANO"]);
  assert.deepEqual(names("1000SATS"), ["1 1000SATS", "1000 SATS"]);
  assert.deepEqual(names("1MBABYDOGE"), ["1 1MBABYDOGE", "1000000 BABYDOGE"]);
  assert.deepEqual(names("1INCH"), ["1 1INCH"]);
  assert.deepEqual(names("BCC"), ["1 BCH", "1 BCHABC", "1 BCC"], "renamed twice");
  assert.deepEqual(names("ERD"), ["0.001 EGLD", "1 ERD"], "redenominated");
  assert.deepEqual(names("LUNA"), ["1 LUNA"], "the ticker names another coin now");
  assert.deepEqual(names("AGIX"), ["0.43335 FET", "1 AGIX"], "merged");
});

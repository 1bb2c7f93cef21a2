import assert from "node:assert/strict";
import { parseDecimal } from "../core/decimal.ts";
import type { Coin, MarketCap, MarketClose, UsdStep } from "../ports/market_caps.ts";
import { coinsOf } from "./coins.ts";
import { deriveCaps } from "./derived_caps.ts";
import { toDayChanges, toUsdPrice } from "./usd_prices.ts";

const NOW = 1_700_000_000_000;

function close(symbol: string, now: string, dayAgo?: string, closedAt = NOW): MarketClose {
  return {
    symbol,
    close: parseDecimal(now),
    dayAgo: dayAgo === undefined ? undefined : parseDecimal(dayAgo),
    closedAt,
  };
}

const closes = [
  close("ADATRY", "24.00", "20.00"),
  close("USDTTRY", "40.000", "39.000", NOW - 5),
  close("XRPEUR", "2.5000"),
  close("EURUSDT", "1.2", "1.1"),
  close("NILUSDT", "0.00000000"),
];
const index = new Map(closes.map((one) => [one.symbol, one]));

const step = (symbol: string, isInverse = false): UsdStep => ({ symbol, isInverse });
const coin = (usd: readonly UsdStep[] | undefined, multiplier = 1): Coin => ({
  ...coinsOf(["ADATRY"])[0]!,
  usd,
  multiplier,
});

Deno.test("toUsdPrice() multiplies closes and divides by inverted ones, now and a day ago", () => {
  assert.deepEqual(toUsdPrice([], index), { usd: 1, dayAgo: 1, closedAt: undefined });
  const lira = toUsdPrice([step("ADATRY"), step("USDTTRY", true)], index)!;
  assert.ok(Math.abs(lira.usd - 0.6) < 1e-12);
  assert.ok(Math.abs(lira.dayAgo! - 20 / 39) < 1e-12);
  assert.equal(lira.closedAt, NOW - 5, "the older of the two");
  assert.equal(toUsdPrice([step("XRPEUR"), step("EURUSDT")], index)!.dayAgo, undefined);
  assert.equal(toUsdPrice([step("XRPEUR"), step("GBPUSDT")], index), undefined);
  assert.equal(toUsdPrice([step("NILUSDT")], index), undefined, "a close of zero");
});

Deno.test("toDayChanges() is the change in US dollars, not in the quote asset", () => {
  const ada = coin([step("ADATRY"), step("USDTTRY", true)]);
  const change = toDayChanges([ada], closes).get("cardano")!;
  assert.ok(Math.abs(change - (0.6 / (20 / 39) - 1)) < 1e-12, "+17%, of +20% in lira");
  assert.equal(toDayChanges([coin(undefined)], closes).size, 0);
  assert.equal(toDayChanges([coin([step("XRPEUR"), step("EURUSDT")])], closes).size, 0);
});

Deno.test("deriveCaps() is last known supply × close in US dollars of one coin", () => {
  const cap: MarketCap = {
    coin: "cardano",
    symbol: "ADA",
    price: parseDecimal("1"),
    circulatingSupply: parseDecimal("1000"),
    marketCap: parseDecimal("1000"),
    source: "coingecko",
    takenAt: 0,
  };
  const derive = (one: Coin, newest = [cap]) => deriveCaps([one], { newest, closes, now: NOW });
  const [derived] = derive(coin([step("ADATRY"), step("USDTTRY", true)], 1000));
  assert.deepEqual(derived, {
    ...cap,
    price: "0.0006",
    marketCap: "0.6",
    source: "derived",
    takenAt: NOW,
  });
  assert.deepEqual(derive(coin(undefined)), []);
  assert.deepEqual(derive(coin([step("ADATRY")]), []), [], "no supply is known");
});

import assert from "node:assert/strict";
import { AppError } from "../core/errors.ts";
import { parseDecimal } from "../core/decimal.ts";
import { HOUR_MS, parseTime } from "../core/time.ts";
import type { MarketCap, MarketCapSource } from "../ports/market_caps.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createMarketCapStore } from "../store/postgres/market_caps/market_caps_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { klineAt, marketSymbol } from "../testing/klines.ts";
import { createTestDatabase, silent } from "../testing/database/postgres.ts";
import { coinsOf } from "./coins.ts";
import { takeSnapshot } from "./snapshot.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const signal = new AbortController().signal;
const coins = coinsOf(["BTCUSDT", "ETHUSDT"]);
const store = createMarketCapStore(db);
const start = parseTime("2024-01-01");

function capOf(coin: string, symbol: string, takenAt: number): MarketCap {
  return {
    coin,
    symbol,
    price: parseDecimal("40000.5"),
    circulatingSupply: parseDecimal("19500000"),
    marketCap: parseDecimal("780009750000"),
    source: "coingecko",
    takenAt,
  };
}

/** A provider that returns `caps`, or fails. */
function provider(caps: MarketCap[] | AppError): MarketCapSource {
  return {
    name: "coingecko",
    rates: () => Promise.resolve([]),
    lookUp: () => Promise.resolve([]),
    fetch: () => caps instanceof AppError ? Promise.reject(caps) : Promise.resolve(caps),
  };
}

const take = (source: MarketCapSource, now: number) =>
  takeSnapshot({ source, store, now: () => now, log: silent }, coins, signal);

const down = new AppError("exchange_unavailable", "Cannot get market caps: HTTP 503");

Deno.test("takeSnapshot() with the provider down and no known supplies rethrows the failure", async () => {
  await assert.rejects(() => take(provider(down), start), down);
  assert.deepEqual(await store.newest(coins), []);
});

Deno.test("takeSnapshot() stores the provider's values; the newest of each coin is read", async () => {
  const caps = [capOf("bitcoin", "BTC", start), capOf("ethereum", "ETH", start)];
  await take(provider(caps), start);
  await take(provider([capOf("bitcoin", "BTC", start + HOUR_MS)]), start + HOUR_MS);
  const newest = await store.newest(coins);
  assert.deepEqual(newest.map((cap) => [cap.coin, cap.takenAt]), [
    ["bitcoin", start + HOUR_MS],
    ["ethereum", start],
  ]);
});

Deno.test("takeSnapshot() with the provider down multiplies last supply by last close, marked as derived", async () => {
  const klines = createKlineStore(db);
  await klines.saveSymbols([marketSymbol("BTCUSDT")]);
  const run = await createRunLedger(db).start("test", "rest");
  await klines.write({ symbol: "BTCUSDT", interval: "1d" }, [klineAt(start, "1d")], run);
  const newer = klineAt(start + 30 * HOUR_MS, "1h", { closePrice: parseDecimal("50000.01000000") });
  await klines.write({ symbol: "BTCUSDT", interval: "1h" }, [newer], run);

  const caps = await take(provider(down), start + 32 * HOUR_MS);
  assert.deepEqual(caps, [{
    coin: "bitcoin",
    symbol: "BTC",
    price: "50000.01000000",
    circulatingSupply: "19500000",
    marketCap: "975000195000",
    source: "derived",
    takenAt: start + 32 * HOUR_MS,
  }]);
  assert.equal((await store.newest(coins))[0]?.source, "derived");
});

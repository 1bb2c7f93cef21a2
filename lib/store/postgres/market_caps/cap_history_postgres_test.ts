import assert from "node:assert/strict";
import { type Decimal, parseDecimal } from "../../../core/decimal.ts";
import { DAY_MS, HOUR_MS, parseTime } from "../../../core/time.ts";
import { klineAt, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createCapHistory } from "./cap_history_postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createMarketCapStore } from "./market_caps_postgres.ts";
import { coinsOf } from "../../../marketcap/coins.ts";
import type { Coin } from "../../../ports/market_caps.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const history = createCapHistory(db);
const store = createKlineStore(db);
const run = await createRunLedger(db).start("test", "rest");

const [BTC, ETH] = coinsOf(["BTCUSDT", "ETHUSDT"]) as [Coin, Coin];
const COINS = [BTC, ETH];
const day = parseTime("2024-01-10");
const decimal = (value: number): Decimal => parseDecimal(String(value));

async function saveCap(takenAt: number, source: string, supply: number, marketCap: number) {
  await createMarketCapStore(db).save([{
    coin: BTC.id,
    symbol: BTC.ticker,
    source,
    takenAt,
    price: decimal(marketCap / supply),
    circulatingSupply: decimal(supply),
    marketCap: decimal(marketCap),
  }]);
}

Deno.test("at() has no values before the first snapshot and the first candle", async () => {
  assert.deepEqual(await history.supplies(COINS), []);
  assert.deepEqual(await history.begin(COINS), { firstSnapshot: undefined, firstClose: undefined });
  const nothing = { caps: [undefined], recordedFrom: undefined };
  assert.deepEqual(await history.at(COINS, [day], DAY_MS), [
    { coin: "bitcoin", symbol: "BTC", ...nothing },
    { coin: "ethereum", symbol: "ETH", ...nothing },
  ]);
});

Deno.test("at() uses snapshots, before them first supply × close, and does not fill gaps", async () => {
  const series = { symbol: "BTCUSDT", interval: "1d" } as const;
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  await store.openSeries(series);
  const days = [-5, -4, -2, -1, 0, 1].map((n, i) =>
    klineAt(day + n * DAY_MS, "1d", { closePrice: decimal(10 + i) })
  );
  await store.write(series, days, run);
  await saveCap(day, "coingecko", 100, 5000);
  await saveCap(day + DAY_MS, "coinmarketcap", 110, 6000);
  await saveCap(day + DAY_MS + HOUR_MS, "derived", 110, 6100);

  const times = [-5, -4, -3, -2, 0, 1, 2, 3].map((n) => day + n * DAY_MS);
  const [btc, eth] = await history.at(COINS, times, DAY_MS);
  // The candle of day −5 has closed by day −4; the one of day −3 is missing.
  assert.deepEqual(btc!.caps, [undefined, 1000, 1100, undefined, 5000, 6000, 6100, undefined]);
  assert.equal(btc!.recordedFrom, day);
  assert.deepEqual(eth!.caps, times.map(() => undefined));
});

Deno.test("supplies() returns a provider's newest supplies, begin() the oldest times", async () => {
  assert.deepEqual(await history.supplies(COINS), [{
    coin: "bitcoin",
    supply: "110",
    source: "coinmarketcap",
    takenAt: day + DAY_MS,
  }]);
  assert.deepEqual(await history.begin(COINS), {
    firstSnapshot: day,
    firstClose: day - 5 * DAY_MS,
  });
});

Deno.test("at() prefers closes of intervals up to a step's length", async () => {
  const series = { symbol: "BTCUSDT", interval: "1h" } as const;
  await store.openSeries(series);
  await store.write(series, [klineAt(day - 30 * HOUR_MS, "1h", { closePrice: decimal(7) })], run);
  const time = day - 29 * HOUR_MS;
  assert.deepEqual((await history.at([BTC], [time], HOUR_MS))[0]!.caps, [700]);
  assert.deepEqual((await history.at([BTC], [time], DAY_MS))[0]!.caps, [undefined]);
});

Deno.test("at() converts closes in another quote asset at each time", async () => {
  const write = async (symbol: string, closes: readonly number[]) => {
    const series = { symbol, interval: "1d" } as const;
    await store.saveSymbols([marketSymbol(symbol)]);
    await store.openSeries(series);
    const rows = closes.map((close, i) =>
      klineAt(day + (i - 6) * DAY_MS, "1d", { closePrice: decimal(close) })
    );
    await store.write(series, rows, run);
  };
  await write("BTCTRY", [400, 600, 900]);
  await write("USDTTRY", [20, 20, 30]);
  const usd = [
    { symbol: "BTCTRY", isInverse: false },
    { symbol: "USDTTRY", isInverse: true },
  ];
  const times = [-5, -4, -3, -2].map((n) => day + n * DAY_MS);
  const [btc] = await history.at([{ ...BTC, usd }], times, DAY_MS);
  assert.deepEqual(btc!.caps, [2000, 3000, 3000, undefined]);
});

import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import type { Interval } from "../../../core/interval.ts";
import { HOUR_MS, parseTime } from "../../../core/time.ts";
import { coinsOf } from "../../../marketcap/coins.ts";
import type { MarketCap } from "../../../ports/market_caps.ts";
import { klineAt, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { createMarketCapStore } from "./market_caps_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const NOW = parseTime("2024-06-01");
const coins = coinsOf(["BTCUSDT", "ETHUSDT", "SOLUSDT"]);

const cap = (coin: string, hoursAgo: number): MarketCap => ({
  coin,
  symbol: coin.slice(0, 3),
  source: "coingecko",
  takenAt: NOW - hoursAgo * HOUR_MS,
  price: parseDecimal(`${100 + hoursAgo}.50`),
  circulatingSupply: parseDecimal("7"),
  marketCap: parseDecimal(`${700 + hoursAgo}`),
});

Deno.test("newest() returns the last snapshot of each requested coin that has one", async () => {
  const store = createMarketCapStore(db);
  await store.save([cap("bitcoin", 5), cap("bitcoin", 1), cap("ethereum", 3), cap("dogecoin", 0)]);
  await store.save([cap("bitcoin", 2)]);
  assert.deepEqual(await store.newest(coins), [cap("bitcoin", 1), cap("ethereum", 3)]);
  assert.deepEqual(await store.newest([]), []);
});

Deno.test("newest() reads the index, not all of history", async () => {
  await db.query(
    `insert into market_caps select 'bitcoin', 'BTC', now() - i * interval '15 minutes', 1, 1, 1, 'x'
     from generate_series(1, 40000) i`,
  );
  await db.query("analyze market_caps");
  const before = await blocksRead();
  await createMarketCapStore(db).newest(coins);
  const read = await blocksRead() - before;
  assert.ok(read < 60, `${read} blocks`);
});

/** Blocks of the table read by statements so far. */
async function blocksRead(): Promise<number> {
  await db.query("select pg_stat_force_next_flush(), pg_stat_clear_snapshot()");
  const [row] = await db.query<{ blocks: number }>(
    `select (heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int as blocks
     from pg_statio_user_tables where relname = 'market_caps'`,
  );
  return row!.blocks;
}

Deno.test("closes() is the newest close of each symbol and the one a day before, unless it is old", async () => {
  const klines = createKlineStore(db);
  const run = await createRunLedger(db).start("test", "rest");
  const write = async (symbol: string, interval: Interval, closes: Record<string, string>) => {
    await klines.saveSymbols([marketSymbol(symbol)]);
    await klines.openSeries({ symbol, interval });
    const rows = Object.entries(closes).map(([time, close]) =>
      klineAt(parseTime(time), interval, { closePrice: parseDecimal(close) })
    );
    await klines.write({ symbol, interval }, rows, run);
  };
  await write("BTCUSDT", "1h", { "2024-05-30T23:00Z": "1.10", "2024-05-31T23:00Z": "1.20" });
  await write("BTCUSDT", "1d", { "2024-05-31": "9.99" });
  await write("ETHUSDT", "1h", { "2024-05-29T23:00Z": "2.00" });
  await write("OLDUSDT", "1h", { "2024-05-29T20:00Z": "3.00" });
  await write("SOLUSDT", "1w", { "2024-05-20": "4.00" });
  const read = await createMarketCapStore(db).closes(
    ["BTCUSDT", "ETHUSDT", "OLDUSDT", "SOLUSDT", "NONEUSDT"],
    NOW,
  );
  assert.deepEqual(read.map(({ symbol, close, dayAgo }) => [symbol, close, dayAgo]), [
    ["BTCUSDT", "1.20", "1.10"],
    ["ETHUSDT", "2.00", undefined],
    ["SOLUSDT", "4.00", undefined],
  ]);
  assert.equal(read[0]!.closedAt, NOW - 1);
});

import assert from "node:assert/strict";
import { parseDecimal } from "../../../core/decimal.ts";
import { HOUR_MS, parseTime } from "../../../core/time.ts";
import { coinsOf } from "../../../marketcap/coins.ts";
import type { MarketCap } from "../../../ports/market_caps.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import { createMarketCapStore } from "./market_caps_postgres.ts";

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

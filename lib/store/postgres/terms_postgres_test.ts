import assert from "node:assert/strict";
import { AppError } from "../../core/errors.ts";
import { klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase } from "../../testing/database/postgres.ts";
import { createKlineStore } from "./writing/klines_postgres.ts";
import { createRunLedger } from "./status/runs_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

Deno.test("a database without candles accepts any market; with candles, runs of another one are rejected", async () => {
  await createRunLedger(db, "testnet.binance.vision").start("collect", "rest");
  const runs = createRunLedger(db);
  const run = await runs.start("collect", "rest");
  const store = createKlineStore(db);
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  const series = { symbol: "BTCUSDT", interval: "1h" } as const;
  await store.write(series, klinesFrom("2024-01-01T00:00:00Z", "1h", 3), run);
  const other = createRunLedger(db, "testnet.binance.vision");
  for (const [job, source] of [["collect", "rest"], ["archive", "monthly"]] as const) {
    await assert.rejects(() => other.start(job, source), (error: AppError) => {
      assert.equal(error.code, "invalid_input");
      assert.match(error.message, /^Cannot collect from market testnet\.binance\.vision: /);
      assert.match(error.message, /holds candles of market public.*BINANCE_MARKET=public$/);
      return true;
    });
  }
  await other.start("import", "file");
  await other.start("market-caps", undefined);
  await runs.start("collect", "rest");
});

Deno.test("a database without a recorded market adopts the market of its first run", async () => {
  await db.query("delete from terms");
  const proxy = createRunLedger(db, "proxy.example.org");
  await proxy.start("collect", "rest");
  await assert.rejects(() => createRunLedger(db).start("collect", "rest"), /market proxy\.example/);
});

import assert from "node:assert/strict";
import { klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { createTestDatabase } from "../../testing/database/postgres.ts";
import { createKlineStore } from "./writing/klines_postgres.ts";
import { createRunLedger } from "./status/runs_postgres.ts";

// Demands of Citus and TimescaleDB on tables and triggers. Statements that they refuse are looked
// for in every statement that the tests send (lib/testing/database/engine_rules.ts).
const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const store = createKlineStore(db);
await store.saveSymbols([marketSymbol("BTCUSDT"), marketSymbol("ETHUSDT")]);
const run = await createRunLedger(db).start("test", "rest");
const btc = { symbol: "BTCUSDT", interval: "1h" } as const;
const eth = { symbol: "ETHUSDT", interval: "1h" } as const;
for (const series of [btc, eth]) {
  await store.openSeries(series);
  await store.write(series, klinesFrom("2024-01-01", "1h", 5), run);
}

Deno.test("every table has a replica identity, so that its shards can be moved", async () => {
  const without = await db.query(
    `select relname from pg_class c
     where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
       and relreplident = 'd' and not exists (
         select from pg_index where indrelid = c.oid and indisprimary)`,
  );
  assert.deepEqual(without, []);
});

/** Version and number of rows. */
const stateOf = async (series: typeof btc | typeof eth) => {
  const { version, rows } = await store.getState(series);
  return { version, rows };
};

Deno.test("rows deleted by hand from a table that allows no transition tables are noticed", async () => {
  // As docs/scaling.md makes the trigger of a hypertable; statements on the parent fire it.
  await db.query("drop trigger note_deleted on klines");
  await db.query(
    `create trigger note_deleted after delete on klines
     for each statement execute function note_changed_klines()`,
  );
  const [before, other] = [await stateOf(btc), await stateOf(eth)];
  await db.query(
    `delete from klines where open_time = '2024-01-01T02:00Z'
       and symbol_id = (select symbol_id from symbols where symbol = 'BTCUSDT')`,
  );
  assert.deepEqual(await stateOf(btc), { version: before.version + 1, rows: 4 });
  assert.deepEqual(await stateOf(eth), { version: other.version + 1, rows: 5 });
});

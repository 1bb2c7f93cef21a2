import assert from "node:assert/strict";
import { klinesFrom, marketSymbol } from "../../../testing/klines.ts";
import { createTestDatabase } from "../../../testing/database/postgres.ts";
import type { Db } from "../connection/database.ts";
import { createKlineStore } from "../writing/klines_postgres.ts";
import { readRowsAfter } from "./rows_postgres.ts";
import { createRunLedger } from "../status/runs_postgres.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

const series = { symbol: "BTCUSDT", interval: "1m" } as const;
const klines = klinesFrom("2024-01-01", "1m", 20_000);
const LIMIT = 100;
/** Blocks of 8 kB that a replay may read: 100 rows, the indexes' levels, and 500 gaps. */
const MAX_BLOCKS = 150;

const store = createKlineStore(db);
await store.saveSymbols([marketSymbol("BTCUSDT")]);
const run = await createRunLedger(db).start("test", "rest");
for (let at = 0; at < klines.length; at += 1_000) {
  await store.write(series, klines.slice(at, at + 1_000), run);
}
await db.query(
  `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
   select symbol_id, '1m', t, t + interval '1 minute', 1, 'exchange_outage'
   from symbols, generate_series(0, 499) i, lateral (select '2020-01-01Z'::timestamptz + i * interval '1 hour') of_gap (t)`,
);
await db.query("analyze klines");
await db.query("analyze gaps");
const ids: SymbolIds = new Map();
await symbolIdOf(db, ids, series.symbol);

interface Plan {
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
}

/** `db`, whose queries add the blocks that they read to `counts`. */
function counting(counts: number[]): Db {
  return {
    ...db,
    async query(sql, values) {
      const [explained] = await db.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
        `explain (analyze, buffers, format json) ${sql}`,
        values,
      );
      const { Plan: plan } = explained!["QUERY PLAN"][0];
      counts.push(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]);
      return await db.query(sql, values);
    },
  };
}

for (const [name, after] of [["the first", 0], ["an early", 10], ["the newest", 19_990]] as const) {
  Deno.test(`readRowsAfter() after ${name} candle reads blocks for its ${LIMIT} rows only`, async () => {
    const counts: number[] = [];
    const rows = await readRowsAfter(counting(counts), ids, {
      ...series,
      openTime: klines[after]!.openTime,
      limit: LIMIT,
    });
    assert.equal(rows.length, Math.min(LIMIT, klines.length - 1 - after));
    assert.match(rows[0]!, new RegExp(`^\\[${klines[after + 1]!.openTime},`));
    assert.equal(counts.length, 1);
    assert.ok(counts[0]! <= MAX_BLOCKS, `${counts[0]} blocks`);
  });
}

import { createKlineReader } from "../lib/store/read_postgres.ts";
import type { Db } from "../lib/store/database.ts";
import { createTestDatabase } from "../lib/testing/postgres.ts";
import { type Figure, median } from "./figure.ts";

/** Rows of one series; each further million is a series of its own, as symbols are. */
const MILLION = 1_000_000;
const MILLIONS = 20;
const START = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;
const READS = 200;

/**
 * A chart's query, 1000 candles from a place nobody looked at, in a table of 1 million rows and in
 * the same table grown twentyfold: along the key it should not notice.
 */
export async function benchLayout(): Promise<Figure[]> {
  const { db, close } = await createTestDatabase();
  await db.query(`insert into symbols (symbol, base_asset, quote_asset, status)
    select 'S' || i || 'USDT', 'S' || i, 'USDT', 'TRADING' from generate_series(1, ${MILLIONS}) i`);
  await addMillion(db, 1);
  const small = await latency(db, 1);
  for (let symbol = 2; symbol <= MILLIONS; symbol++) await addMillion(db, symbol);
  const large = await latency(db, MILLIONS);
  await close();
  return [{
    name: `1000 candles of ${MILLIONS} million`,
    limit: "the same of 1 million",
    unit: "reads/s",
    measured: 1_000 / large,
    limitMeasured: 1_000 / small,
    budget: 0.8,
  }];
}

async function addMillion(db: Db, symbol: number): Promise<void> {
  for (let part = 0; part < 10; part++) {
    await db.query(
      `insert into klines select $1, '1m', t, t + interval '59.999 s', now(), 1, 1, 100,
         p, p + 1.5, p - 1.5, p + 0.25, 12.34567000, 1234567.89000000, 6.00000000, 617283.00000000
       from (select i, to_timestamp($2::float8) + i * interval '1 minute' as t,
         (60000 + i % 977)::numeric(20, 8) as p
         from generate_series($3::integer, $4::integer) i) rows`,
      [symbol, START / 1_000, part * MILLION / 10, (part + 1) * MILLION / 10 - 1],
    );
  }
  await db.query("vacuum (analyze) klines_1m");
}

/** Median time of a read, in ms. */
async function latency(db: Db, symbols: number): Promise<number> {
  const reader = createKlineReader(db);
  const times: number[] = [];
  for (let read = 0; read < READS; read++) {
    const symbol = `S${1 + Math.floor(Math.random() * symbols)}USDT`;
    const from = START + Math.floor(Math.random() * (MILLION - 1_000)) * MINUTE;
    const start = performance.now();
    await reader.columns({ symbol, interval: "1m", from, limit: 1_000 });
    times.push(performance.now() - start);
  }
  return median(times);
}

import { KLINE_COLUMNS } from "../lib/core/kline.ts";
import { createKlineReader } from "../lib/store/postgres/reading/read_postgres.ts";
import type { Db } from "../lib/store/postgres/connection/database.ts";
import { createTestDatabase } from "../lib/testing/database/postgres.ts";
import { type Figure, median } from "./figure.ts";

/** Rows per series; each further million is a separate series, as for symbols. */
const MILLION = 1_000_000;
const MILLIONS = 20;
const START = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;
const READS = 400;

/**
 * Reads 1000 candles from a random place in a table of 1 million rows and in one of twenty million,
 * alternately: a read by key should take the same time. Also measures the cost of turning rows into
 * columns.
 */
export async function benchLayout(): Promise<Figure[]> {
  const small = await createTable(1);
  const large = await createTable(MILLIONS);
  const size = await inTurnReads(
    () => readColumns(large.db, MILLIONS),
    () => readColumns(small.db, 1),
  );
  const work = await inTurnReads(
    () => readColumns(large.db, MILLIONS),
    () => readRows(large.db, MILLIONS),
  );
  await small.close();
  await large.close();
  const perSecond = { unit: "reads/s" };
  return [
    {
      ...perSecond,
      name: `1000 candles of ${MILLIONS} million`,
      limit: "the same of 1 million",
      measured: size.a,
      limitMeasured: size.b,
      budget: 0.8,
    },
    {
      ...perSecond,
      name: `1000 candles of ${MILLIONS} million as columns`,
      limit: "the bare query",
      measured: work.a,
      limitMeasured: work.b,
      budget: 0.8,
    },
  ];
}

async function createTable(millions: number) {
  const { db, close } = await createTestDatabase();
  await db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status)
     select 'S' || i || 'USDT', 'S' || i, 'USDT', 'TRADING' from generate_series(1, $1) i`,
    [millions],
  );
  for (let symbol = 1; symbol <= millions; symbol++) await addMillion(db, symbol);
  return { db, close };
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

/** Reads per second of both, from the medians of alternating reads. */
async function inTurnReads(a: () => Promise<unknown>, b: () => Promise<unknown>) {
  const [as, bs]: [number[], number[]] = [[], []];
  for (let read = 0; read < READS; read++) {
    as.push(await timeOf(a));
    bs.push(await timeOf(b));
  }
  return { a: 1_000 / median(as), b: 1_000 / median(bs) };
}

/** In ms. */
async function timeOf(read: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await read();
  return performance.now() - start;
}

/** A series and a time within it. */
function somewhere(symbols: number) {
  const number = 1 + Math.floor(Math.random() * symbols);
  return { number, from: START + Math.floor(Math.random() * (MILLION - 1_000)) * MINUTE };
}

function readColumns(db: Db, symbols: number) {
  const { number, from } = somewhere(symbols);
  const symbol = `S${number}USDT`;
  return createKlineReader(db).columns({ symbol, interval: "1m", from, limit: 1_000 });
}

function readRows(db: Db, symbols: number) {
  const { number, from } = somewhere(symbols);
  return db.query(
    `select ${KLINE_COLUMNS} from klines
     where symbol_id = $1 and interval = '1m' and open_time >= $2
     order by open_time limit 1000`,
    [number, new Date(from)],
  );
}

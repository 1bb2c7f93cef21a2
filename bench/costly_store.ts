import type { Db } from "../lib/store/postgres/connection/database.ts";

/** Data for the expensive requests: one long series, many short ones, and their history. */
export const LONG = { symbol: "BTCUSDT", interval: "1m", rows: 1_000_000 } as const;
const SHORT_ROWS = 1_670;
const GAPS = 3_000;
const REVISIONS = 20_000;

/** Symbols of the short series, at 1h. */
export const SHORT = Array.from({ length: 300 }, (_, i) => `S${String(i).padStart(3, "0")}USDT`);

/** Fills an empty, migrated database up to `now`. In SQL, because writing is not measured. */
export async function fillStore(db: Db, now: number): Promise<void> {
  const end = Math.floor(now / 3_600_000) * 3_600_000;
  await db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status, tick_size, step_size)
     select symbol, left(symbol, -4), 'USDT', 'TRADING', 0.01, 0.00001 from unnest($1::text[]) symbol`,
    [[LONG.symbol, ...SHORT]],
  );
  await db.query("insert into runs (job, source) values ('bench', 'rest')");
  await addSeries(db, [LONG.symbol], { interval: LONG.interval, rows: LONG.rows, end });
  for (let i = 0; i < SHORT.length; i += 50) {
    await addSeries(db, SHORT.slice(i, i + 50), { interval: "1h", rows: SHORT_ROWS, end });
  }
  await db.query(
    `insert into kline_revisions select k.*, now(), 1 from klines k
     where symbol_id = 1 order by open_time desc limit ${REVISIONS}`,
  );
  await db.query(
    `insert into gaps (symbol_id, interval, from_time, to_time, missing, class, evidence)
     select 1, '1m', first - n * interval '1 hour', first - n * interval '1 hour' + interval '5 min',
       5, (array['exchange_outage', 'not_listed'])[1 + n % 2], '{"askedAt": 0}'
     from generate_series(2, ${GAPS + 1}) n,
       (select min(open_time) as first from klines where symbol_id = 1) stored`,
  );
  await db.query("vacuum (analyze) klines");
  await db.query("analyze");
}

interface Stretch {
  readonly interval: "1m" | "1h";
  readonly rows: number;
  readonly end: number;
}

async function addSeries(db: Db, symbols: readonly string[], stretch: Stretch): Promise<void> {
  const { interval, rows, end } = stretch;
  const step = interval === "1m" ? 60_000 : 3_600_000;
  await db.query(
    `insert into klines
     select symbol_id, $2, open, open + $3::int * interval '1 ms' - interval '1 ms', now(), 1, 1,
       (n::bigint * 7919 % 4001)::int, price, price + 0.09, price - 0.01, price + 0.05,
       (n % 89) + 0.50000000, (n::bigint * 17 % 8999999) + 0.12345678, 1.00000000, 0.06350000
     from symbols, generate_series(1, $4::int) n,
       lateral (select to_timestamp($5::bigint / 1000.0) - n * ($3::int * interval '1 ms') as open,
         4000.0 + n % 997 + 0.12345670 as price) candle
     where symbol = any($1)`,
    [symbols, interval, step, rows, end],
  );
  await db.query(
    `insert into series (symbol_id, interval, version, row_count, first_open_time, last_open_time,
       listed_at)
     select symbol_id, $2, 1, $3::bigint, to_timestamp(($4::bigint - $3::bigint * $5::int) / 1000.0),
       to_timestamp(($4::bigint - $5::int) / 1000.0), to_timestamp(($4::bigint - $3::bigint * $5::int) / 1000.0)
     from symbols where symbol = any($1)`,
    [symbols, interval, rows, end, step],
  );
}

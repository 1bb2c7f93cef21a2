import { type Interval, intervalMs, openTimeOf } from "../core/interval.ts";
import { DAY_MS, type EpochMs, parseTime, toIso } from "../core/time.ts";
import type { Db } from "../store/postgres/connection/database.ts";

/** Quote assets by frequency, about as on the exchange. */
const QUOTES = ["USDT", "USDT", "USDT", "BTC", "USDC", "USDT", "EUR", "USDT", "TRY", "USDT"];

/** Names of `count` symbols: `C0000USDT`, `C0001USDT`, … */
export function manySymbols(count: number): string[] {
  return Array.from(
    { length: count },
    (_, i) => `C${String(i).padStart(4, "0")}${QUOTES[i % QUOTES.length]}`,
  );
}

export interface ManySeries {
  readonly symbols: readonly string[];
  /** With `1h`, the market's outages are gaps of every series of 1h. */
  readonly intervals: readonly Interval[];
  readonly now: EpochMs;
}

const LISTED = parseTime("2020-01-01");
/** Newest candles that are stored of each series; older ones are only counted. */
const STORED = 3;
/** Outages of the whole market, of two hours each. */
const OUTAGES = 20;

/**
 * Fills an empty database with the catalogue of many series, in a few statements: of ten symbols
 * one is no longer traded, of hundred one is late, one stale and one has pending gaps, of thousand
 * one has no candle yet.
 */
export async function fillManySeries(db: Db, { symbols, intervals, now }: ManySeries) {
  await db.query("insert into runs (job, source) values ('collect', 'rest')");
  await db.query(
    `insert into symbols (symbol, base_asset, quote_asset, status, tick_size, step_size)
     select symbol, left(symbol, 5), substr(symbol, 6), case when i % 10 = 0 then 'BREAK' else 'TRADING' end,
       0.01, 0.001 from unnest($1::text[]) with ordinality as named(symbol, i)`,
    [symbols],
  );
  for (const interval of intervals) await addSeries(db, interval, now);
  await db.query(
    `insert into gaps (symbol_id, interval, from_time, to_time, missing, class, evidence, checked_at)
     select symbol_id, interval, t, t + interval '2 hours', 2, 'exchange_outage',
       json_build_object('askedAt', $2::float8, 'host', null, 'asked', 1 + symbol_id % 3, 'others', 9,
         'othersMissing', 9), t
     from series, generate_series(1, $3) i,
       lateral (select $1::timestamptz - make_interval(days => i * 40) as t) v
     where interval = '1h' and row_count > 0`,
    [toIso(openTimeOf(now, "1h")), now - DAY_MS, OUTAGES],
  );
  await db.query(
    `insert into gaps (symbol_id, interval, from_time, to_time, missing, class)
     select symbol_id, interval, first_open_time + interval '100 days',
       first_open_time + interval '101 days', $2, 'pending'
     from series where interval = $1 and symbol_id % 100 = 5`,
    [intervals[0], DAY_MS / intervalMs(intervals[0]!)],
  );
  await db.query("analyze");
}

async function addSeries(db: Db, interval: Interval, now: EpochMs): Promise<void> {
  const ms = intervalMs(interval);
  const newest = openTimeOf(now, interval) - ms;
  await db.query(
    `insert into series (symbol_id, interval, version, row_count, first_open_time, last_open_time,
       listed_at)
     select symbol_id, $1, 1, (extract(epoch from last - first) * 1000 / $2)::bigint + 1, first, last,
       first
     from symbols,
       lateral (select $3::timestamptz + make_interval(days => symbol_id % 900) as first) begun,
       lateral (select $4::timestamptz - case
         when status = 'BREAK' then interval '90 days'
         when symbol_id % 100 = 1 then make_interval(secs => $2 / 1000.0)
         when symbol_id % 100 = 2 then make_interval(secs => $2 * 9 / 1000.0)
         else interval '0' end as last) ended
     where symbol_id % 1000 <> 3`,
    [interval, ms, toIso(LISTED), toIso(newest)],
  );
  await db.query(
    `insert into series (symbol_id, interval) select symbol_id, $1 from symbols
     where symbol_id % 1000 = 3`,
    [interval],
  );
  await db.query(
    `insert into klines
     select symbol_id, interval, open, open + make_interval(secs => ($2 - 1) / 1000.0),
       open + make_interval(secs => ($2 + 6000) / 1000.0), 1, 1, 10, p, p, p, p, 1, 1, 1, 1
     from series, generate_series(0, $3 - 1) i,
       lateral (select last_open_time - make_interval(secs => i * $2 / 1000.0) as open,
         100.00000000 + symbol_id as p) candle
     where interval = $1 and row_count > 0`,
    [interval, ms, STORED],
  );
}

import assert from "node:assert/strict";
import { createTestDatabase } from "./postgres.ts";
import { readHeldSymbols } from "../../store/postgres/symbols_postgres.ts";
import { findSender } from "./engine_check.ts";
import { DISTRIBUTED, findRefusals } from "./engine_rules.ts";

const { db, close } = await createTestDatabase();
Deno.test.afterAll(close);

/** Statements that wick once sent, or might, and why an engine refused them. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /clock_timestamp\(\) in ON CONFLICT/,
    `insert into series as s (symbol_id, version) values ($1, 1)
     on conflict (symbol_id) do update set version = s.version + 1
     returning version, date_trunc('milliseconds', clock_timestamp()) as stored_at`,
  ],
  [
    /now\(\) in ON CONFLICT/,
    `insert into symbols (symbol) values ($1) on conflict (symbol) do update set seen_at = now()`,
  ],
  [
    /cast to record/,
    `select k.open_time, not (row(k.volume)::record *= row(i.volume)::record) as differs
     from unnest($3::numeric[]) as i(volume)
     join klines k on k.symbol_id = $1 and k.interval = $2`,
  ],
  [
    /correlated NOT EXISTS/,
    `insert into symbols as s (symbol, status)
     select * from unnest($1::text[], $2::text[]) as i(symbol, status)
     where not exists (select from symbols old where old.symbol = i.symbol)
     on conflict (symbol) do update set status = excluded.status`,
  ],
  [
    /lateral join over a limited subquery/,
    `select * from (select * from kline_revisions order by replaced_at desc limit $1) r
     left join lateral (
       select * from klines k where k.symbol_id = r.symbol_id and k.open_time = r.open_time
     ) now on true`,
  ],
  [
    /join of klines and gaps that is not by symbol_id/,
    `select count(*) from klines k join gaps g on g.from_time = k.open_time`,
  ],
  [
    /symbol's name instead of its id/,
    `select version from series join symbols using (symbol_id) where symbol = $1 and interval = $2`,
  ],
  [
    /symbol's name instead of its id/,
    `select count(*) from klines
     where symbol_id = (select symbol_id from symbols where symbol = $1) and interval = $2`,
  ],
  [
    /for each row of a table that is not/,
    `select symbol from symbols
     where exists (select from series where series.symbol_id = symbols.symbol_id)`,
  ],
  [
    /subquery without columns/,
    `select exists (select from series where row_count > 0)`,
  ],
  [
    /for each row of a table that is not/,
    `select close.* from unnest($1::text[]) as wanted(market)
     cross join lateral (
       select k.close_price from symbols join klines k using (symbol_id)
       where symbols.symbol = wanted.market order by open_time desc limit 1
     ) close`,
  ],
  [
    /without bounds of time/,
    `update klines k set volume = i.volume from unnest($3::timestamptz[]) as i(open_time)
     where k.symbol_id = $1 and k.interval = $2 and k.open_time = i.open_time`,
  ],
  [
    /without bounds of time/,
    `delete from klines where symbol_id = $1 and interval = $2`,
  ],
  [
    /lateral join of klines without constants/,
    `select s.symbol_id from series s left join lateral (
       select volume from klines k where k.symbol_id = s.symbol_id and k.open_time = s.last_open_time
     ) now on true`,
  ],
  [
    /time computed by an update/,
    `update series set scanned_at = '-infinity'
     where symbol_id = $1 and interval = $2 and scanned_at < now() - interval '1 day'`,
  ],
  [
    /time computed by an update/,
    `with old as (
       delete from runs where outcome = 'skipped' and started_at + interval '7 days' < $1
     ) insert into runs (job) values ($2)`,
  ],
  [
    /time computed by an update/,
    `update freshness_alerts set attempts = attempts + 1
     where next_attempt_at <= raised_at + attempts * interval '15 s'`,
  ],
  [
    /time computed by an update/,
    `insert into freshness_alerts (alert_id, raised_at) values ($1, $2)
     on conflict (alert_id) do update set next_attempt_at = excluded.raised_at + interval '1 h'`,
  ],
  [
    /join of series with freshness_alerts, which is on the coordinator only/,
    `select symbol_id, event from series join freshness_alerts using (symbol_id, interval)`,
  ],
  [
    /join of klines with refused_files, which is on the coordinator only/,
    `delete from klines k using refused_files r
     where k.symbol_id = r.symbol_id and k.open_time >= $1`,
  ],
  [
    /sizes of schema public only/,
    `select sum(pg_total_relation_size(c.oid)) from pg_class c
     where c.relnamespace = 'public'::regnamespace`,
  ],
];

for (const [reason, sql] of REFUSED) {
  const words = sql.replace(/\s+/g, " ").slice(0, 60);
  Deno.test(`findRefusals() gives ${reason.source} for: ${words}`, () => {
    assert.deepEqual(
      findRefusals(sql).map((one) => one.reason).filter((one) => reason.test(one)).length,
      1,
      findRefusals(sql).map((one) => one.reason).join("; ") || "nothing found",
    );
  });
}

const ACCEPTED = [
  `update series set scanned_at = $3 where symbol_id = $1 and interval = $2 and scanned_at < $4`,
  `insert into gaps as g (symbol_id, from_time) select $1, $2::timestamptz + interval '1 h'
   on conflict (symbol_id) do update set from_time = excluded.from_time`,
  `select symbol_id from kline_conflicts union all select symbol_id from refused_files`,
  `with due as (select symbol_id from freshness_alerts)
   select open_time from klines where symbol_id = $1 and interval = $2`,
  `select status from series join symbols using (symbol_id) join runs on true`,
  `select (select open_time from klines k where k.symbol_id = $1 limit 1) as newest,
     (select 1 limit 1) as one, sums.* from series s, lateral (
       select count(*) from klines k where k.symbol_id = $1 and k.open_time >= $2
     ) sums where s.symbol_id = $1`,
  `insert into symbols (symbol) values ($1)
   on conflict (symbol) do update set seen_at = excluded.seen_at`,
  `update runs set finished_at = now() where run_id = $1`,
  `insert into runs (job, finished_at) values ($1, now()) returning run_id`,
  `select 'a cast to ::record, now()', now() from series where symbol_id = $1 -- ::record`,
  `select symbol, gaps.interval from gaps join symbols using (symbol_id)
   where ($1::text is null or symbol = $1)`,
  `select s.symbol_id, recent.* from series s cross join lateral (
     select open_time from klines k where k.symbol_id = s.symbol_id and k.interval = s.interval
     order by open_time desc limit 1
   ) recent`,
  `select part, first.* from generate_series($3::timestamptz, $4, $5) part, lateral (
     select open_time from klines k where k.symbol_id = $1 and k.interval = $2
       and k.open_time >= part and k.open_time < $4 order by open_time limit 1
   ) first`,
  `update klines set run_id = $4 where symbol_id = $1 and interval = $2
     and open_time = any($3::timestamptz[]) and open_time between $5 and $6`,
];

for (const sql of ACCEPTED) {
  Deno.test(`findRefusals() accepts: ${sql.replace(/\s+/g, " ").slice(0, 70)}`, () => {
    assert.deepEqual(findRefusals(sql), []);
  });
}

Deno.test("a test database refuses what wick's code sends, and takes what tests send", async () => {
  const own = await readHeldSymbols(db);
  assert.deepEqual(own, [], "accepted, and sent");
  const planted = REFUSED.find(([, sql]) => sql.startsWith("select symbol from symbols"))![1];
  assert.deepEqual(await db.query(planted), []);
  const stack = (file: string) =>
    `Error\n at f (file:///x/lib/testing/database/engine_check.ts:31:5)
    at g (file:///x/lib/store/postgres/${file}:7:1)`;
  assert.equal(
    findSender(stack("symbols_postgres.ts")),
    "lib/store/postgres/symbols_postgres.ts:7",
  );
  assert.equal(findSender(stack("symbols_postgres_test.ts")), undefined);
});

Deno.test("every table of candles, or of what is known of them by series, is distributed", async () => {
  const tables = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and 2 = (
         select count(*) from pg_attribute
         where attrelid = c.oid and attname in ('symbol_id', 'interval'))`,
  );
  const others = tables.map(({ name }) => name).filter((name) => !DISTRIBUTED.includes(name));
  // Few rows each, which no trigger of a distributed table reads.
  assert.deepEqual(others.toSorted(), ["freshness_alerts", "refused_files"]);
});

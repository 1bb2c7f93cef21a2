-- Spot candles and what is known about them. Times are UTC; ranges are [from, to).

create table symbols (
  symbol_id integer generated always as identity primary key,
  symbol text collate "C" not null unique,
  base_asset text not null,
  quote_asset text not null,
  -- As the exchange says: TRADING, HALT, BREAK, … Unknown ones mean "not trading".
  status text not null,
  -- Smallest price and quantity steps: how many decimals to show.
  tick_size numeric,
  step_size numeric,
  seen_at timestamptz not null default now()
);

-- One line per execution of a job; candles name the one that wrote them.
create table runs (
  run_id integer generated always as identity primary key,
  job text not null,
  -- Where its candles came from: rest, daily or monthly (archive files), or file. Of two that differ
  -- the former is believed.
  source text not null check (source in ('rest', 'daily', 'monthly', 'file')),
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  fetched bigint not null default 0,
  new bigint not null default 0,
  corrected bigint not null default 0,
  unchanged bigint not null default 0,
  requests integer not null default 0,
  weight integer not null default 0,
  -- The exchange said of itself that it is a simulator.
  simulated text,
  error text
);
create index runs_simulated on runs (run_id) where simulated is not null and new > 0;

create table series (
  symbol_id integer not null references symbols,
  interval text collate "C" not null,
  -- Grows with every transaction that changes the series; candles carry it as change_seq.
  version bigint not null default 0,
  -- What pages show of a series, so that they need not look at its rows. The collector does.
  row_count bigint not null default 0,
  first_open_time timestamptz,
  last_open_time timestamptz,
  -- The exchange's very first candle, once asked for: where history ends.
  listed_at timestamptz,
  -- How far the audit in rotation has come; null: it begins again.
  audited_to timestamptz,
  primary key (symbol_id, interval)
);

create table klines (
  symbol_id integer not null,
  interval text collate "C" not null,
  open_time timestamptz not null,
  close_time timestamptz not null,
  stored_at timestamptz not null,
  -- The series' version that brought this state of the candle: commit order within the series.
  change_seq bigint not null,
  run_id integer not null,
  number_of_trades integer not null,
  -- Numeric keeps the digits that the exchange wrote, trailing zeros included.
  open_price numeric not null,
  high_price numeric not null,
  low_price numeric not null,
  close_price numeric not null,
  volume numeric not null,
  quote_asset_volume numeric not null,
  taker_buy_base_asset_volume numeric not null,
  taker_buy_quote_asset_volume numeric not null,
  primary key (symbol_id, interval, open_time)
) partition by list (interval);

create table klines_1s partition of klines for values in ('1s');
create table klines_1m partition of klines for values in ('1m');
create table klines_3m partition of klines for values in ('3m');
create table klines_5m partition of klines for values in ('5m');
create table klines_15m partition of klines for values in ('15m');
create table klines_30m partition of klines for values in ('30m');
create table klines_1h partition of klines for values in ('1h');
create table klines_2h partition of klines for values in ('2h');
create table klines_4h partition of klines for values in ('4h');
create table klines_6h partition of klines for values in ('6h');
create table klines_8h partition of klines for values in ('8h');
create table klines_12h partition of klines for values in ('12h');
create table klines_1d partition of klines for values in ('1d');
create table klines_3d partition of klines for values in ('3d');
create table klines_1w partition of klines for values in ('1w');
-- As the archive spells it: names that differ by case only are a trap in most tools.
create table klines_1mo partition of klines for values in ('1M');

-- Append-only: what a candle was before the exchange restated it.
create table kline_revisions (
  like klines,
  replaced_at timestamptz not null,
  replaced_by integer not null references runs,
  primary key (symbol_id, interval, open_time, change_seq)
);

-- Append-only: what a less reliable source said of a candle that we hold otherwise.
create table kline_conflicts (
  symbol_id integer not null,
  interval text collate "C" not null,
  open_time timestamptz not null,
  close_time timestamptz not null,
  number_of_trades integer not null,
  open_price numeric not null,
  high_price numeric not null,
  low_price numeric not null,
  close_price numeric not null,
  volume numeric not null,
  quote_asset_volume numeric not null,
  taker_buy_base_asset_volume numeric not null,
  taker_buy_quote_asset_volume numeric not null,
  run_id integer not null references runs,
  seen_at timestamptz not null default now()
);
create index kline_conflicts_candle on kline_conflicts (symbol_id, interval, open_time);

create table gaps (
  symbol_id integer not null references symbols,
  interval text collate "C" not null,
  from_time timestamptz not null,
  to_time timestamptz not null,
  -- Whole candles that are absent.
  missing bigint not null,
  class text not null check (class in ('not_listed', 'exchange_outage', 'pending', 'delisted')),
  evidence jsonb,
  checked_at timestamptz,
  primary key (symbol_id, interval, from_time)
);

-- For people with a database GUI.
create view candles as
select symbol, klines.interval, open_time, open_price, high_price, low_price, close_price, volume,
  close_time, quote_asset_volume, number_of_trades, taker_buy_base_asset_volume,
  taker_buy_quote_asset_volume, stored_at
from klines join symbols using (symbol_id);

-- Counts the rows of a series anew; returns whether the count was wrong.
create function recount_series(wanted_symbol integer, wanted_interval text) returns boolean
language plpgsql as $$
begin
  update series s set version = version + 1, row_count = actual.count,
    first_open_time = actual.first, last_open_time = actual.last
  from (
    select count(*), min(open_time) as first, max(open_time) as last from klines k
    where k.symbol_id = wanted_symbol and k.interval = wanted_interval
  ) actual
  where s.symbol_id = wanted_symbol and s.interval = wanted_interval
    and (s.row_count, s.first_open_time, s.last_open_time)
      is distinct from (actual.count, actual.first, actual.last);
  return found;
end $$;

-- Whoever deletes rows by hand changes the series: readers with an old ETag must notice.
create function note_deleted_klines() returns trigger language plpgsql as $$
begin
  perform recount_series(symbol_id, interval)
  from (select distinct symbol_id, interval from gone_rows) gone;
  return null;
end $$;

create function note_truncated_klines() returns trigger language plpgsql as $$
begin
  perform recount_series(symbol_id, interval) from series;
  return null;
end $$;

do $$
declare
  part regclass;
begin
  for part in select 'klines'::regclass
    union all select inhrelid::regclass from pg_inherits where inhparent = 'klines'::regclass
  loop
    execute format('create trigger note_deleted after delete on %s referencing old table as
      gone_rows for each statement execute function note_deleted_klines()', part);
    execute format('create trigger note_truncated after truncate on %s
      for each statement execute function note_truncated_klines()', part);
  end loop;
end $$;

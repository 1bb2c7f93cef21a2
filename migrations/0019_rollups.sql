-- Candles of a series compared with the sums of its candles at a shorter interval, the base.
create table rollups (
  symbol_id integer not null,
  interval text collate "C" not null,
  base text collate "C" not null,
  -- Candles that open in [from_time, to_time) have been compared. Null: none yet.
  from_time timestamptz,
  to_time timestamptz,
  -- Versions of the two series up to which changes within that range have been compared too.
  version bigint not null default 0,
  base_version bigint not null default 0,
  compared bigint not null default 0,
  -- True when the range covers all that can be compared at these versions.
  is_settled boolean not null default false,
  checked_at timestamptz,
  primary key (symbol_id, interval, base)
);

-- Compared candles that differ.
create table rollup_differences (
  symbol_id integer not null,
  interval text collate "C" not null,
  base text collate "C" not null,
  open_time timestamptz not null,
  -- By column, the stored value and the sum.
  details jsonb not null,
  found_at timestamptz not null,
  -- How often the exchange was asked for the candle and its parts since, and confirmed them.
  asked integer not null default 0,
  asked_at timestamptz,
  -- Null until the exchange has confirmed both.
  cause text check (cause in ('off_grid', 'outage', 'late_trades', 'exchange')),
  primary key (symbol_id, interval, base, open_time)
);

-- The version of the last change that did more than append candles after the newest one.
alter table series add column revised_version bigint not null default 0;

-- Rows that other programs change are compared again from the start.
create function forget_rollups(wanted_symbol integer, wanted_interval text) returns void
language plpgsql as $$
begin
  delete from rollups
  where symbol_id = wanted_symbol and (interval = wanted_interval or base = wanted_interval);
  delete from rollup_differences
  where symbol_id = wanted_symbol and (interval = wanted_interval or base = wanted_interval);
end $$;

-- As before, and forgets comparisons of a series whose count was wrong.
create or replace function recount_series(wanted_symbol integer, wanted_interval text)
returns boolean
language plpgsql as $$
declare
  step bigint;
  anchor bigint := 0;
  actual record;
begin
  -- In microseconds. Up to 1d the grid is counted from the epoch, 1w from Mondays, 3d from the first
  -- candle; 1M follows the calendar.
  if wanted_interval <> '1M' then
    step := extract(epoch from wanted_interval::interval) * 1e6;
    anchor := case wanted_interval
      when '1w' then 4 * 86400000000::bigint
      when '3d' then (
        select (date_part('epoch', min(open_time)) * 1e6)::bigint from klines
        where symbol_id = wanted_symbol and interval = wanted_interval
      )
      else 0
    end;
  end if;
  select count(*) as rows, min(open_time) as first, max(open_time) as last,
    count(*) filter (
      where case when step is null
        then date_trunc('month', open_time at time zone 'UTC') <> open_time at time zone 'UTC'
        else ((date_part('epoch', open_time) * 1e6)::bigint - anchor) % step <> 0
      end
    ) as off_grid
  into actual
  from klines k
  where k.symbol_id = wanted_symbol and k.interval = wanted_interval;
  update series s set version = version + 1, row_count = actual.rows,
    first_open_time = actual.first, last_open_time = actual.last, off_grid = actual.off_grid
  where s.symbol_id = wanted_symbol and s.interval = wanted_interval
    and (s.row_count is distinct from actual.rows
      or s.first_open_time is distinct from actual.first
      or s.last_open_time is distinct from actual.last
      or s.off_grid is distinct from actual.off_grid);
  if not found then
    return false;
  end if;
  perform forget_rollups(wanted_symbol, wanted_interval);
  return true;
end $$;

create or replace function note_deleted_klines() returns trigger language plpgsql
set search_path = pg_catalog as $$
declare
  gone record;
begin
  perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
  for gone in select distinct symbol_id, interval from gone_rows loop
    if not recount_series(gone.symbol_id, gone.interval) then
      update series s set version = version + 1
      where s.symbol_id = gone.symbol_id and s.interval = gone.interval;
      perform forget_rollups(gone.symbol_id, gone.interval);
    end if;
  end loop;
  return null;
end $$;

create or replace function note_changed_klines() returns trigger language plpgsql
set search_path = pg_catalog as $$
declare
  one record;
begin
  perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
  for one in select symbol_id, interval from series loop
    if not recount_series(one.symbol_id, one.interval) then
      update series s set version = version + 1
      where s.symbol_id = one.symbol_id and s.interval = one.interval;
      perform forget_rollups(one.symbol_id, one.interval);
    end if;
  end loop;
  return null;
end $$;

-- Forms that Citus and TimescaleDB accept too; docs/scaling.md describes both.

-- The table has no primary key, and logical replication, with which Citus moves shards, needs one or
-- this.
alter table kline_conflicts replica identity full;

-- The same count in two statements: Citus updates a distributed table from values, not from a query
-- that aggregates. Returns whether the count was wrong.
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
  return found;
end $$;

-- The triggers find their tables beside the one that they watch, whatever the search_path: that of
-- postgres_fdw, which deletes here for another server, has system tables only. The clause SET limits
-- what set_config() changes to the function.
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
    end if;
  end loop;
  return null;
end $$;

create or replace function note_truncated_klines() returns trigger language plpgsql
set search_path = pg_catalog as $$
begin
  perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
  perform recount_series(symbol_id, interval) from series;
  return null;
end $$;

-- For the hypertables of TimescaleDB and tables with foreign parts, which refuse transition tables:
-- which series have lost rows is unknown, so all are counted, and readers of each are told that it
-- may have changed.
create function note_changed_klines() returns trigger language plpgsql
set search_path = pg_catalog as $$
declare
  one record;
begin
  perform set_config('search_path', quote_ident(tg_table_schema) || ', pg_temp', true);
  for one in select symbol_id, interval from series loop
    if not recount_series(one.symbol_id, one.interval) then
      update series s set version = version + 1
      where s.symbol_id = one.symbol_id and s.interval = one.interval;
    end if;
  end loop;
  return null;
end $$;

-- Candles that open beside their interval's grid, as after outages of the exchange: stored as they
-- are, and counted, so that nobody has to stumble over them.
alter table series add column off_grid bigint not null default 0;

-- Up to 1d the grid is counted from the epoch, 1w from Mondays, 1M by the calendar; where 3d begins is
-- not documented, so it is counted from the first candle.
create function is_off_grid(open_time timestamptz, of_interval text, first_open timestamptz)
returns boolean language sql immutable parallel safe as $$
  select case of_interval
    when '1M' then (open_time at time zone 'UTC') <> date_trunc('month', open_time at time zone 'UTC')
    when '1w' then (open_time at time zone 'UTC') <> date_trunc('week', open_time at time zone 'UTC')
    when '3d' then mod(extract(epoch from open_time - first_open), 259200) <> 0
    else mod(extract(epoch from open_time), extract(epoch from of_interval::interval)) <> 0
  end
$$;

create or replace function recount_series(wanted_symbol integer, wanted_interval text)
returns boolean
language plpgsql as $$
begin
  update series s set version = version + 1, row_count = actual.count,
    first_open_time = actual.first, last_open_time = actual.last, off_grid = actual.off_grid
  from (
    select count(*), min(open_time) as first, max(open_time) as last,
      count(*) filter (where is_off_grid(open_time, wanted_interval, first_open)) as off_grid
    from klines k, (
      select min(open_time) as first_open from klines
      where symbol_id = wanted_symbol and interval = wanted_interval
    ) anchor
    where k.symbol_id = wanted_symbol and k.interval = wanted_interval
  ) actual
  where s.symbol_id = wanted_symbol and s.interval = wanted_interval
    and (s.row_count, s.first_open_time, s.last_open_time, s.off_grid)
      is distinct from (actual.count, actual.first, actual.last, actual.off_grid);
  return found;
end $$;

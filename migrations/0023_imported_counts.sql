-- Candles of other programs' files per series: their number, and a version that grows with every
-- change of them, so that files and caches that contain them change, and no others. Only candles
-- without one of the exchange count; imported_pruned_version is the version of the series at which
-- that was last made certain.
alter table series
  add column imported_rows integer not null default 0,
  add column imported_version integer not null default 0,
  add column imported_pruned_version integer not null default -1;

update series s set imported_rows = counted.rows, imported_version = 1
from (
  select symbol_id, interval, count(*) as rows from imported_klines group by symbol_id, interval
) counted
where counted.symbol_id = s.symbol_id and counted.interval = s.interval;

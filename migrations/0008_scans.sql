-- The version at which the ledger of holes was last held against every row, and when. Wick's own
-- writes keep the ledger in line and carry the mark on; whatever else changes a series leaves it
-- behind.
alter table series add column scanned_version bigint, add column scanned_at timestamptz;

-- Rows deleted after as many were inserted by hand are a change too, though the count is right.
create or replace function note_deleted_klines() returns trigger language plpgsql as $$
declare
  gone record;
begin
  for gone in select distinct symbol_id, interval from gone_rows loop
    if not recount_series(gone.symbol_id, gone.interval) then
      update series s set version = version + 1
      where s.symbol_id = gone.symbol_id and s.interval = gone.interval;
    end if;
  end loop;
  return null;
end $$;

-- What every process that uses this database has to agree on; at most one row.
create table terms (
  is_only boolean primary key default true check (is_only),
  -- HISTORY_SINCE of the process that opened the database last; null: all of history. Gaps before it
  -- are not recorded.
  history_since timestamptz,
  -- The market that the stored candles come from; null until candles are collected.
  market text
);

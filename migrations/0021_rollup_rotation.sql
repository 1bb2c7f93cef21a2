-- Compared candles are compared again in turn, because other programs can change rows unnoticed. The
-- candles before this time have been in the current turn; null: it begins.
alter table rollups add column rechecked_to timestamptz, add column rechecked_at timestamptz;

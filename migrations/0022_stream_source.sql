-- Closed candles of the exchange's streams; in the order of reliability between rest and daily.
alter table runs drop constraint runs_source_check;
alter table runs add constraint runs_source_check
  check (source in ('rest', 'stream', 'daily', 'monthly', 'file'));

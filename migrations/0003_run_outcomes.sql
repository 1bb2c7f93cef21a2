-- How each run ended; null while it runs, and for good when its process was killed.
alter table runs
  add column outcome text
    check (outcome in ('done', 'partial', 'failed', 'stopped', 'skipped')),
  -- Jobs such as the snapshot of market caps bring no candles.
  alter column source drop not null;

update runs set outcome = case when error is null then 'done' else 'failed' end
where finished_at is not null;

create index runs_skipped on runs (started_at) where outcome = 'skipped';

-- True of a run that ended and has stored nothing: it is deleted after a month. Not when the database
-- failed during it, because candles may then be stored that it does not count.
alter table runs add column is_idle boolean not null default false;
update runs set is_idle = true
where outcome in ('done', 'partial', 'skipped') and new = 0 and corrected = 0
  and source is distinct from 'file';

drop index runs_skipped;
create index runs_idle on runs (started_at) where is_idle;
-- Each deleted run is looked up in these.
create index kline_revisions_run on kline_revisions (replaced_by);
create index kline_conflicts_run on kline_conflicts (run_id);

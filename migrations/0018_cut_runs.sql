-- Runs that reached their time limit are told from those that a signal has stopped.
alter table runs drop constraint runs_outcome_check;
alter table runs add constraint runs_outcome_check
  check (outcome in ('done', 'partial', 'failed', 'cut', 'stopped', 'skipped'));

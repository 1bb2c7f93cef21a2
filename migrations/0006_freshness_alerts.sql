-- What was to be told of series that went stale or recovered; the newest alert of a series is its
-- state. Claimed by one instance at a time, which has until next_attempt_at to deliver it.
create table freshness_alerts (
  alert_id integer generated always as identity primary key,
  symbol_id integer not null references symbols,
  interval text collate "C" not null,
  event text not null check (event in ('stale', 'recovered')),
  last_open_time timestamptz not null,
  raised_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null,
  delivered_at timestamptz,
  error text
);
create index freshness_alerts_series on freshness_alerts (symbol_id, interval, alert_id);
create index freshness_alerts_due on freshness_alerts (next_attempt_at) where delivered_at is null;

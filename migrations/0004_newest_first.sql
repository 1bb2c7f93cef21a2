-- The status page shows the newest of each, of however many there are.
create index gaps_newest on gaps (from_time desc);
create index kline_revisions_newest on kline_revisions (replaced_at desc, open_time desc);
create index kline_conflicts_newest on kline_conflicts (seen_at desc, open_time desc);

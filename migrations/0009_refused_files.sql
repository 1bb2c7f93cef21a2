-- Files of the exchange's archive that could not be trusted or had; their candles came from the API.
create table refused_files (
  run_id integer not null references runs,
  -- Without folders and ending.
  name text not null,
  symbol_id integer not null references symbols,
  interval text collate "C" not null,
  reason text not null,
  refused_at timestamptz not null default now(),
  primary key (run_id, name)
);
create index refused_files_newest on refused_files (refused_at desc, name);

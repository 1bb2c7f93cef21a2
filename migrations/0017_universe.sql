-- The times during which a symbol was traded. A name has several when the exchange gives it to another
-- asset or lists it again.
create table symbol_lives (
  symbol_id integer not null references symbols,
  -- Open time of the first candle.
  listed_at timestamptz not null,
  -- End of the last candle; null: traded when last checked.
  delisted_at timestamptz,
  -- exchange: its API, to the minute. archive: files of its archive, to the day.
  source text not null check (source in ('exchange', 'archive')),
  -- Of the first and the last daily candle: a renamed asset continues at the old one's price.
  first_price numeric,
  last_price numeric,
  primary key (symbol_id, listed_at)
);

-- When these times were last looked up. Null: not yet.
alter table symbols add column lives_checked_at timestamptz;
-- Months with files in the archive, where that is how the times are known.
alter table symbols add column archived_from timestamptz;
alter table symbols add column archived_to timestamptz;

-- Append-only: changes of a symbol's status that exchangeInfo has shown.
create table symbol_statuses (
  symbol_id integer not null references symbols,
  seen_at timestamptz not null,
  old_status text not null,
  status text not null,
  primary key (symbol_id, seen_at)
);

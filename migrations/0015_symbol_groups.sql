-- Groups of symbols in SYMBOLS, such as *USDT or top:100. A symbol that a group has selected once is
-- collected from then on, whatever its status or rank becomes.
create table symbol_groups (
  group_name text collate "C" not null,
  symbol text collate "C" not null,
  selected_at timestamptz not null,
  primary key (group_name, symbol)
);

-- Trading volume of the last 24 hours in US dollars, as far as the quote asset can be converted, when
-- the exchange was last asked for it: the order of symbols in groups and lists. Null: never ranked.
alter table symbols add column day_volume double precision;
alter table symbols add column ranked_at timestamptz;

-- CoinGecko's list of all coins, from which the coins of new tickers are found.
create table listed_coins (
  coin text primary key,
  ticker text not null,
  name text not null
);
create index listed_coins_ticker on listed_coins (ticker);

-- The version of that list; one row.
create table coin_list (
  is_only boolean primary key default true check (is_only),
  etag text,
  read_at timestamptz not null
);

-- Times until which a provider of market caps accepts no requests.
create table provider_waits (
  provider text primary key,
  until timestamptz not null
);

-- Redenominated coins have fewer units: one ERD is a thousandth of an EGLD.
alter table coins alter column multiplier type double precision;

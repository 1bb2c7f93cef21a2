create table market_caps (
  -- CoinGecko's id, such as "bitcoin": tickers are not unique.
  coin text not null,
  symbol text not null,
  taken_at timestamptz not null,
  price numeric not null,
  circulating_supply numeric not null,
  market_cap numeric not null,
  -- The provider, or "derived": last known supply × last stored close.
  source text not null,
  primary key (coin, taken_at)
);

-- Which coin a base asset means, as looked up with a provider of market caps.
create table coins (
  -- Base asset on the exchange.
  ticker text primary key,
  -- CoinGecko's id; of coins that were looked up with CoinMarketCap only, its slug. Null: not found.
  coin text,
  name text,
  coinmarketcap_id integer,
  -- Place by market cap at the time of the lookup, and how many coins shared the ticker.
  rank integer,
  candidates integer not null default 0,
  -- Units of the coin in one unit of the base asset: 1000 for 1000SATS.
  multiplier integer not null default 1,
  provider text not null,
  checked_at timestamptz not null
);

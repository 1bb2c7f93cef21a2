-- The provider's exchange rates of currencies, for those without a collected market.
create table usd_rates (
  asset text primary key,
  -- US dollars for one unit.
  usd double precision not null check (usd > 0),
  source text not null,
  taken_at timestamptz not null
);

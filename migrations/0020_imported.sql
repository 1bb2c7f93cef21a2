-- Candles of other programs' files: columns are missing (null), or numbers went through floats. They
-- are kept apart from klines, and deleted where the exchange's candle is stored.
create table imported_klines (
  symbol_id integer not null,
  interval text collate "C" not null,
  open_time timestamptz not null,
  close_time timestamptz,
  run_id integer not null,
  number_of_trades integer,
  -- True: its numbers were floats, so that zeros and perhaps digits are lost.
  is_float boolean not null,
  open_price numeric not null,
  high_price numeric not null,
  low_price numeric not null,
  close_price numeric not null,
  volume numeric,
  quote_asset_volume numeric,
  taker_buy_base_asset_volume numeric,
  taker_buy_quote_asset_volume numeric,
  primary key (symbol_id, interval, open_time)
);

import { parseDecimal } from "../../../core/decimal.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type { MarketCap, MarketCapStore } from "../../../ports/market_caps.ts";
import type { Db } from "../connection/database.ts";

export function createMarketCapStore(db: Db): MarketCapStore {
  return {
    save: (caps) => saveCaps(db, caps),
    async newest(coins) {
      const rows = await db.query<CapRow>(NEWEST, [coins.map((coin) => coin.id)]);
      return rows.map(toMarketCap);
    },
    async derive(coins, now) {
      const rows = await db.query<CapRow>(DERIVED, [
        coins.map((coin) => coin.id),
        coins.map((coin) => coin.usd?.symbol ?? null),
        toIso(now),
        coins.map((coin) => coin.usd?.via?.symbol ?? null),
        coins.map((coin) => coin.usd?.via?.isInverse ?? false),
        coins.map((coin) => coin.multiplier),
      ]);
      return rows.map(toMarketCap);
    },
  };
}

interface CapRow {
  coin: string;
  symbol: string;
  taken_at: EpochMs;
  price: string;
  circulating_supply: string;
  market_cap: string;
  source: string;
}

/** One index lookup per coin, however long its history. */
const NEWEST = `
  select newest.* from unnest($1::text[]) as wanted(coin)
  cross join lateral (
    select * from market_caps where market_caps.coin = wanted.coin order by taken_at desc limit 1
  ) newest order by coin`;

/**
 * Only providers supply a circulating supply; derived entries repeat it. The closes are the newest of
 * each symbol, whatever the interval: read first and by series, so that distributed tables join by
 * their key.
 */
const DERIVED = `
  with closes as materialized (
    select distinct on (symbol) symbol, close_price
    from series join symbols using (symbol_id)
    cross join lateral (
      select open_time, close_time, close_price from klines
      where klines.symbol_id = series.symbol_id and klines.interval = series.interval
      order by open_time desc limit 1
    ) newest
    where symbol = any($2::text[] || $4::text[])
    order by symbol, close_time desc, open_time desc
  )
  select supply.coin, supply.symbol, $3::timestamptz as taken_at, usd.price,
    supply.circulating_supply, round(usd.price * supply.circulating_supply, 2) as market_cap,
    'derived' as source
  from unnest($1::text[], $2::text[], $4::text[], $5::boolean[], $6::int[])
    as wanted(coin, market, via, is_inverse, multiplier)
  cross join lateral (
    select * from market_caps where market_caps.coin = wanted.coin order by taken_at desc limit 1
  ) supply
  join closes close on close.symbol = wanted.market
  left join closes via on via.symbol = wanted.via
  cross join lateral (
    select case
      when wanted.via is null and multiplier = 1 then close.close_price
      when wanted.via is null then close.close_price / multiplier
      when is_inverse then round(close.close_price / nullif(via.close_price, 0) / multiplier, 12)
      else close.close_price * via.close_price / multiplier
    end as price
  ) usd
  where usd.price is not null`;

async function saveCaps(db: Db, caps: readonly MarketCap[]): Promise<void> {
  const column = (pick: (cap: MarketCap) => string) => caps.map(pick);
  await db.query(
    `insert into market_caps
       (coin, symbol, taken_at, price, circulating_supply, market_cap, source)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[],
       $6::numeric[], $7::text[])
     on conflict (coin, taken_at) do nothing`,
    [
      column((cap) => cap.coin),
      column((cap) => cap.symbol),
      column((cap) => toIso(cap.takenAt)),
      column((cap) => cap.price),
      column((cap) => cap.circulatingSupply),
      column((cap) => cap.marketCap),
      column((cap) => cap.source),
    ],
  );
}

function toMarketCap(row: CapRow): MarketCap {
  return {
    coin: row.coin,
    symbol: row.symbol,
    price: parseDecimal(row.price),
    circulatingSupply: parseDecimal(row.circulating_supply),
    marketCap: parseDecimal(row.market_cap),
    source: row.source,
    takenAt: row.taken_at,
  };
}

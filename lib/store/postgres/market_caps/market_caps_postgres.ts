import { parseDecimal } from "../../../core/decimal.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type {
  MarketCap,
  MarketCapStore,
  MarketClose,
  UsdRate,
} from "../../../ports/market_caps.ts";
import type { Db } from "../connection/database.ts";

export function createMarketCapStore(db: Db): MarketCapStore {
  return {
    save: (caps) => saveCaps(db, caps),
    async newest(coins) {
      const rows = await db.query<CapRow>(NEWEST, [coins.map((coin) => coin.id)]);
      return rows.map(toMarketCap);
    },
    async closes(symbols, now) {
      const rows = await db.query<CloseRow>(CLOSES, [symbols, toIso(now)]);
      return rows.map(toMarketClose);
    },
    rates: () =>
      db.query<UsdRate>(
        `select asset, usd, source, taken_at as "takenAt" from usd_rates order by asset`,
      ),
    saveRates: (rates) => saveRates(db, rates),
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

async function saveRates(db: Db, rates: readonly UsdRate[]): Promise<void> {
  await db.query(
    `insert into usd_rates (asset, usd, source, taken_at)
     select * from unnest($1::text[], $2::float8[], $3::text[], $4::timestamptz[])
     on conflict (asset) do update set usd = excluded.usd, source = excluded.source,
       taken_at = excluded.taken_at`,
    [
      rates.map(({ asset }) => asset),
      rates.map(({ usd }) => usd),
      rates.map(({ source }) => source),
      rates.map(({ takenAt }) => toIso(takenAt)),
    ],
  );
}

interface CloseRow {
  symbol: string;
  close: string;
  day_ago: string | null;
  closed_at: EpochMs;
}

/** Of equal close times the shortest interval, which has more candles of the day before. */
const CLOSES = `
  select distinct on (symbol) symbol, newest.close_price as close, day.close_price as day_ago,
    newest.close_time as closed_at
  from series join symbols using (symbol_id)
  cross join lateral (
    select open_time, close_time, close_price from klines
    where klines.symbol_id = series.symbol_id and klines.interval = series.interval
    order by open_time desc limit 1
  ) newest
  left join lateral (
    select open_time, close_price from klines
    where klines.symbol_id = series.symbol_id and klines.interval = series.interval
      and klines.open_time <= newest.open_time - interval '1 day'
    order by open_time desc limit 1
  ) day on day.open_time = newest.open_time - interval '1 day'
  where symbol = any($1::text[]) and newest.close_time > $2::timestamptz - interval '2 days'
    - least(newest.close_time - newest.open_time, interval '7 days')
  order by symbol, newest.close_time desc, newest.open_time desc`;

function toMarketClose({ symbol, close, day_ago, closed_at }: CloseRow): MarketClose {
  return {
    symbol,
    close: parseDecimal(close),
    dayAgo: day_ago === null ? undefined : parseDecimal(day_ago),
    closedAt: closed_at,
  };
}

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

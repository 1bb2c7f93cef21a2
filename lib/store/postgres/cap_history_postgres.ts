import { parseDecimal } from "../../core/decimal.ts";
import { type Interval, intervalMs, INTERVALS } from "../../core/interval.ts";
import { type EpochMs, SECOND_MS, toIso } from "../../core/time.ts";
import type { CapSeries, Coin, CoinSupply, MarketCapHistory } from "../../ports/market_caps.ts";
import type { Db } from "./connection/database.ts";

/** The history of market caps: from snapshots, before them from stored closes. */
export function createCapHistory(db: Db): MarketCapHistory {
  return {
    supplies: (coins) => readSupplies(db, coins),
    begin: (coins) => readBegin(db, coins),
    at: (coins, times, toleranceMs) => readCaps(db, coins, times, toleranceMs),
  };
}

const idsOf = (coins: readonly Coin[]) => coins.map(({ id }) => id);
/** Closes in US dollars only: others would need the rate of each time. */
const marketsOf = (coins: readonly Coin[]) =>
  coins.map(({ usd }) => usd === undefined || usd.via ? null : usd.symbol);

async function readSupplies(db: Db, coins: readonly Coin[]): Promise<CoinSupply[]> {
  const rows = await db.query<{ coin: string; supply: string; source: string; taken_at: EpochMs }>(
    `select newest.* from unnest($1::text[]) as wanted(coin)
     cross join lateral (
       select coin, circulating_supply as supply, source, taken_at from market_caps m
       where m.coin = wanted.coin and source <> 'derived' order by taken_at desc limit 1
     ) newest`,
    [idsOf(coins)],
  );
  return rows.map(({ coin, supply, source, taken_at }) => ({
    coin,
    source,
    supply: parseDecimal(supply),
    takenAt: taken_at,
  }));
}

async function readBegin(db: Db, coins: readonly Coin[]) {
  const [row] = await db.query<{ snapshot: EpochMs | null; close: EpochMs | null }>(
    `select
       (select min(first.taken_at) from unnest($1::text[]) as wanted(coin)
        cross join lateral (
          select taken_at from market_caps m where m.coin = wanted.coin order by taken_at limit 1
        ) first) as snapshot,
       (select min(first_open_time) from series join symbols using (symbol_id)
        where symbol = any($2::text[])) as close`,
    [idsOf(coins), marketsOf(coins)],
  );
  return { firstSnapshot: row?.snapshot ?? undefined, firstClose: row?.close ?? undefined };
}

const AT = `
  with wanted as materialized (
    select wanted.*, first.taken_at as recorded_from, first.circulating_supply, s.symbol_id,
      s.interval, s.seconds
    from unnest($1::text[], $2::text[], $3::text[], $8::int[]) with ordinality
      as wanted(coin, symbol, market, multiplier, n)
    left join lateral (
      select taken_at, circulating_supply from market_caps m
      where m.coin = wanted.coin order by taken_at limit 1
    ) first on true
    left join lateral (
      select symbol_id, series.interval, seconds
      from symbols join series using (symbol_id)
      join unnest($6::text[], $7::float8[]) with ordinality as liked(interval, seconds, place)
        on liked.interval = series.interval
      where symbols.symbol = wanted.market and row_count > 0 order by place limit 1
    ) s on true
  )
  select coin, symbol, recorded_from, array_agg(cap order by i) as caps
  from wanted cross join unnest($4::timestamptz[]) with ordinality as t(time, i)
  cross join lateral (
    select coalesce(
      (select market_cap::float8 from market_caps m
       where m.coin = wanted.coin and taken_at <= t.time
         and taken_at > t.time - make_interval(secs => $5)
       order by taken_at desc limit 1),
      case when t.time < recorded_from then
        (select (close_price * circulating_supply / multiplier)::float8 from klines k
         where k.symbol_id = wanted.symbol_id and k.interval = wanted.interval
           and open_time <= t.time - make_interval(secs => seconds)
           and open_time > t.time - make_interval(secs => seconds + $5)
         order by open_time desc limit 1)
      end
    ) as cap
  ) known
  group by coin, symbol, recorded_from, n order by n`;

async function readCaps(
  db: Db,
  coins: readonly Coin[],
  times: readonly EpochMs[],
  toleranceMs: number,
): Promise<CapSeries[]> {
  const liked = likedIntervals(toleranceMs);
  const rows = await db.query<{
    coin: string;
    symbol: string;
    recorded_from: EpochMs | null;
    caps: (number | null)[];
  }>(AT, [
    idsOf(coins),
    coins.map(({ ticker }) => ticker),
    marketsOf(coins),
    times.map(toIso),
    toleranceMs / SECOND_MS,
    liked,
    liked.map((interval) => intervalMs(interval) / SECOND_MS),
    coins.map(({ multiplier }) => multiplier),
  ]);
  return rows.map(({ coin, symbol, recorded_from, caps }) => ({
    coin,
    symbol,
    caps: caps.map((cap) => cap ?? undefined),
    recordedFrom: recorded_from ?? undefined,
  }));
}

/**
 * The interval whose closes are used: the longest up to a step's length, otherwise the shortest.
 */
function likedIntervals(stepMs: number): Interval[] {
  const known = INTERVALS.filter((interval) => interval !== "1M");
  const fitting = known.filter((interval) => intervalMs(interval) <= stepMs);
  return [...fitting.reverse(), ...known.filter((interval) => intervalMs(interval) > stepMs)];
}

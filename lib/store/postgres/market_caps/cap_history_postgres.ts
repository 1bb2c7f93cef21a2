import { parseDecimal } from "../../../core/decimal.ts";
import { type Interval, intervalMs, INTERVALS } from "../../../core/interval.ts";
import { type EpochMs, SECOND_MS, toIso } from "../../../core/time.ts";
import type { CapSeries, Coin, CoinSupply, MarketCapHistory } from "../../../ports/market_caps.ts";
import type { Db } from "../connection/database.ts";

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

/** The first snapshot of each coin. */
const FIRST = `
  select wanted.coin, wanted.symbol, first.taken_at as recorded_from,
    first.circulating_supply as supply
  from unnest($1::text[], $2::text[]) with ordinality as wanted(coin, symbol, n)
  left join lateral (
    select taken_at, circulating_supply from market_caps m
    where m.coin = wanted.coin order by taken_at limit 1
  ) first on true order by n`;

/** The series of each market whose closes are used. */
const PREFERRED = `
  select distinct on (symbol) symbol, symbol_id, series.interval, seconds
  from series join symbols using (symbol_id)
  join unnest($2::text[], $3::float8[]) with ordinality as preferred(interval, seconds, place)
    on preferred.interval = series.interval
  where symbol = any($1) and row_count > 0 order by symbol, place`;

/** For each coin the market caps of the snapshots at each time. */
const SNAPSHOTS = `
  select array_agg((
    select market_cap::float8 from market_caps m
    where m.coin = wanted.coin and taken_at <= t.time
      and taken_at > t.time - make_interval(secs => $3)
    order by taken_at desc limit 1
  ) order by i) as caps
  from unnest($1::text[]) with ordinality as wanted(coin, n)
  cross join unnest($2::timestamptz[]) with ordinality as t(time, i)
  group by n order by n`;

/** Supply × close of one series at each time: a statement each, so that it goes to one node. */
const CLOSES = `
  select array_agg((
    select (close_price * $5::numeric / $6)::float8 from klines k
    where k.symbol_id = $1 and k.interval = $2
      and open_time <= t.time - make_interval(secs => $4)
      and open_time > t.time - make_interval(secs => $4::float8 + $7::float8)
    order by open_time desc limit 1
  ) order by i) as caps
  from unnest($3::timestamptz[]) with ordinality as t(time, i)`;

interface First {
  readonly coin: string;
  readonly symbol: string;
  readonly recorded_from: EpochMs | null;
  readonly supply: string | null;
}

interface Preferred {
  readonly symbol: string;
  readonly symbol_id: number;
  readonly interval: Interval;
  readonly seconds: number;
}

type Caps = readonly (number | null)[];

async function readCaps(
  db: Db,
  coins: readonly Coin[],
  times: readonly EpochMs[],
  toleranceMs: number,
): Promise<CapSeries[]> {
  const intervals = preferredIntervals(toleranceMs);
  const tolerance = toleranceMs / SECOND_MS;
  const markets = marketsOf(coins);
  const [firsts, preferred, snapshots] = await Promise.all([
    db.query<First>(FIRST, [idsOf(coins), coins.map(({ ticker }) => ticker)]),
    db.query<Preferred>(PREFERRED, [
      markets,
      intervals,
      intervals.map((interval) => intervalMs(interval) / SECOND_MS),
    ]),
    db.query<{ caps: Caps }>(SNAPSHOTS, [idsOf(coins), times.map(toIso), tolerance]),
  ]);
  return await Promise.all(firsts.map(async ({ coin, symbol, recorded_from, supply }, n) => {
    const recordedFrom = recorded_from ?? undefined;
    const earlier = times.filter((time) => time < (recordedFrom ?? -Infinity));
    const series = preferred.find((one) => one.symbol === markets[n]);
    let derived: Caps = [];
    if (series !== undefined && earlier.length > 0) {
      const [row] = await db.query<{ caps: Caps }>(CLOSES, [
        series.symbol_id,
        series.interval,
        earlier.map(toIso),
        series.seconds,
        supply,
        coins[n]!.multiplier,
        tolerance,
      ]);
      derived = row!.caps;
    }
    const derivedAt = new Map(earlier.map((time, i) => [time, derived[i]]));
    const caps = times.map((time, i) => snapshots[n]?.caps[i] ?? derivedAt.get(time) ?? undefined);
    return { coin, symbol, caps, recordedFrom };
  }));
}

/**
 * The interval whose closes are used: the longest up to a step's length, otherwise the shortest.
 */
function preferredIntervals(stepMs: number): Interval[] {
  const known = INTERVALS.filter((interval) => interval !== "1M");
  const fitting = known.filter((interval) => intervalMs(interval) <= stepMs);
  return [...fitting.reverse(), ...known.filter((interval) => intervalMs(interval) > stepMs)];
}

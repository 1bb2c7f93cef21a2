import { parseDecimal } from "../../../core/decimal.ts";
import { type Interval, intervalMs, INTERVALS } from "../../../core/interval.ts";
import { type EpochMs, SECOND_MS, toIso } from "../../../core/time.ts";
import type {
  CapSeries,
  Coin,
  CoinSupply,
  MarketCapHistory,
  UsdStep,
} from "../../../ports/market_caps.ts";
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
/** The markets whose closes give prices in US dollars. */
const marketsOf = (coins: readonly Coin[]) => [
  ...new Set(coins.flatMap(({ usd = [] }) => usd.map(({ symbol }) => symbol))),
];

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

/** Closes of one series at each time: a statement each, so that it goes to one node. */
const CLOSES = `
  select array_agg((
    select close_price::float8 from klines k
    where k.symbol_id = $1 and k.interval = $2
      and open_time <= t.time - make_interval(secs => $4)
      and open_time > t.time - make_interval(secs => $4::float8 + $5::float8)
    order by open_time desc limit 1
  ) order by i) as closes
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
  const [firsts, snapshots] = await Promise.all([
    db.query<First>(FIRST, [idsOf(coins), coins.map(({ ticker }) => ticker)]),
    db.query<{ caps: Caps }>(SNAPSHOTS, [
      idsOf(coins),
      times.map(toIso),
      toleranceMs / SECOND_MS,
    ]),
  ]);
  const recorded = firsts.reduce(
    (last, { recorded_from }) => Math.max(last, recorded_from ?? 0),
    0,
  );
  const earlier = times.filter((time) => time < recorded);
  const closes = await readCloses(db, marketsOf(coins), earlier, toleranceMs);
  return firsts.map(({ coin, symbol, recorded_from, supply }, n) => {
    const { usd = [], multiplier } = coins[n]!;
    const caps = times.map((time, i) => {
      const cap = snapshots[n]?.caps[i] ?? undefined;
      if (cap !== undefined || recorded_from === null || time >= recorded_from) return cap;
      const price = usd.length === 0 ? undefined : priceAt(usd, closes, i);
      return price === undefined ? undefined : price * Number(supply) / multiplier;
    });
    return { coin, symbol, caps, recordedFrom: recorded_from ?? undefined };
  });
}

/** Product of the closes at a time; `undefined` without one of them. */
function priceAt(
  steps: readonly UsdStep[],
  closes: ReadonlyMap<string, Caps>,
  i: number,
): number | undefined {
  let price = 1;
  for (const { symbol, isInverse } of steps) {
    const close = closes.get(symbol)?.[i];
    if (!close) return undefined;
    price = isInverse ? price / close : price * close;
  }
  return price;
}

/** Closes of each symbol at the first of the steps, in the order of `times`. */
async function readCloses(
  db: Db,
  symbols: readonly string[],
  times: readonly EpochMs[],
  toleranceMs: number,
): Promise<ReadonlyMap<string, Caps>> {
  if (times.length === 0 || symbols.length === 0) return new Map();
  const intervals = preferredIntervals(toleranceMs);
  const seconds = intervals.map((interval) => intervalMs(interval) / SECOND_MS);
  const preferred = await db.query<Preferred>(PREFERRED, [symbols, intervals, seconds]);
  const isos = times.map(toIso);
  return new Map(
    await Promise.all(preferred.map(async (series): Promise<[string, Caps]> => {
      const [row] = await db.query<{ closes: Caps }>(CLOSES, [
        series.symbol_id,
        series.interval,
        isos,
        series.seconds,
        toleranceMs / SECOND_MS,
      ]);
      return [series.symbol, row!.closes];
    })),
  );
}

/**
 * The interval whose closes are used: the longest up to a step's length, otherwise the shortest.
 */
function preferredIntervals(stepMs: number): Interval[] {
  const known = INTERVALS.filter((interval) => interval !== "1M");
  const fitting = known.filter((interval) => intervalMs(interval) <= stepMs);
  return [...fitting.reverse(), ...known.filter((interval) => intervalMs(interval) > stepMs)];
}

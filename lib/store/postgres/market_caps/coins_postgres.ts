import { type EpochMs, toIso } from "../../../core/time.ts";
import type { CoinStore, KnownCoin, SymbolAssets } from "../../../ports/market_caps.ts";
import type { Db } from "../connection/database.ts";

/** Stores facts about symbols from exchangeInfo, and providers' lookups of coins. */
export function createCoinStore(db: Db): CoinStore {
  return {
    async facts() {
      const [assets, known] = await Promise.all([readAssets(db), readKnown(db)]);
      return { assets, known };
    },
    save: (known) => saveKnown(db, known),
  };
}

async function readAssets(db: Db): Promise<SymbolAssets[]> {
  const rows = await db.query<Omit<SymbolAssets, "heldUntil"> & { held_until: EpochMs | null }>(
    `select symbol, base_asset as base, quote_asset as quote, held.until as held_until
     from symbols left join (
       select symbol_id, max(last_open_time) as until from series group by 1
     ) held using (symbol_id) order by 1`,
  );
  return rows.map(({ held_until, ...assets }) => ({
    ...assets,
    heldUntil: held_until ?? undefined,
  }));
}

interface CoinRow {
  ticker: string;
  coin: string | null;
  name: string | null;
  coinmarketcap_id: number | null;
  rank: number | null;
  candidates: number;
  multiplier: number;
  provider: string;
  checked_at: EpochMs;
}

async function readKnown(db: Db): Promise<KnownCoin[]> {
  const rows = await db.query<CoinRow>(
    `select ticker, coin, name, coinmarketcap_id, rank, candidates, multiplier, provider, checked_at
     from coins`,
  );
  return rows.map((row) => ({
    ticker: row.ticker,
    provider: row.provider,
    candidates: row.candidates,
    multiplier: row.multiplier,
    checkedAt: row.checked_at,
    id: row.coin ?? undefined,
    name: row.name ?? undefined,
    coinMarketCapId: row.coinmarketcap_id ?? undefined,
    rank: row.rank ?? undefined,
  }));
}

/**
 * Keeps known values when a lookup finds nothing, and keeps CoinGecko's ID when CoinMarketCap is
 * the provider, because snapshots are stored under it.
 */
async function saveKnown(db: Db, known: readonly KnownCoin[]): Promise<void> {
  const column = <T>(pick: (one: KnownCoin) => T | undefined) =>
    known.map((one) => pick(one) ?? null);
  await db.query(
    `insert into coins as held (ticker, coin, name, coinmarketcap_id, rank, candidates, multiplier,
       provider, checked_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::int[],
       $7::float8[], $8::text[], $9::timestamptz[])
     on conflict (ticker) do update set
       coin = case when excluded.provider = 'coinmarketcap' then coalesce(held.coin, excluded.coin)
         else coalesce(excluded.coin, held.coin) end,
       name = coalesce(excluded.name, held.name),
       coinmarketcap_id = coalesce(excluded.coinmarketcap_id, held.coinmarketcap_id),
       rank = coalesce(excluded.rank, held.rank),
       candidates = greatest(excluded.candidates, held.candidates),
       multiplier = case when excluded.coin is null then held.multiplier
         else excluded.multiplier end,
       provider = excluded.provider, checked_at = excluded.checked_at`,
    [
      column((one) => one.ticker),
      column((one) => one.id),
      column((one) => one.name),
      column((one) => one.coinMarketCapId),
      column((one) => one.rank),
      column((one) => one.candidates),
      column((one) => one.multiplier),
      column((one) => one.provider),
      column((one) => toIso(one.checkedAt)),
    ],
  );
}

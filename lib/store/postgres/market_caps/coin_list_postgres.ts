import { type EpochMs, toIso } from "../../../core/time.ts";
import type {
  CoinListMark,
  CoinListStore,
  ListedCoin,
  ProviderWaits,
} from "../../../ports/coin_list.ts";
import type { Db, Transaction } from "../connection/database.ts";

/** Stores CoinGecko's list of coins. */
export function createCoinListStore(db: Db): CoinListStore {
  return {
    read: () => readMark(db),
    find: (tickers) =>
      db.query<ListedCoin>(
        "select coin as id, ticker, name from listed_coins where ticker = any($1) order by coin",
        [tickers],
      ),
    replace: (coins, mark) => db.transaction((tx) => replace(tx, coins, mark)),
    async confirm(readAt) {
      await db.query("update coin_list set read_at = $1", [toIso(readAt)]);
    },
  };
}

async function readMark(db: Db): Promise<CoinListMark | undefined> {
  const [row] = await db.query<{ etag: string | null; read_at: EpochMs; count: number }>(
    "select etag, read_at, (select count(*)::int from listed_coins) as count from coin_list",
  );
  return row && { etag: row.etag ?? undefined, readAt: row.read_at, count: row.count };
}

async function replace(
  tx: Transaction,
  coins: readonly ListedCoin[],
  { etag, readAt }: Omit<CoinListMark, "count">,
): Promise<void> {
  const ids = coins.map(({ id }) => id);
  await tx.query("delete from listed_coins where not coin = any($1::text[])", [ids]);
  await tx.query(
    `insert into listed_coins as held (coin, ticker, name)
     select * from unnest($1::text[], $2::text[], $3::text[])
     on conflict (coin) do update set ticker = excluded.ticker, name = excluded.name
     where (held.ticker, held.name) is distinct from (excluded.ticker, excluded.name)`,
    [ids, coins.map(({ ticker }) => ticker), coins.map(({ name }) => name)],
  );
  await tx.query(
    `insert into coin_list (etag, read_at) values ($1, $2)
     on conflict (is_only) do update set etag = excluded.etag, read_at = excluded.read_at`,
    [etag ?? null, toIso(readAt)],
  );
}

export function createProviderWaits(db: Db): ProviderWaits {
  return {
    async read(provider) {
      const [row] = await db.query<{ until: EpochMs }>(
        "select until from provider_waits where provider = $1",
        [provider],
      );
      return row?.until;
    },
    async save(provider, until) {
      await db.query(
        `insert into provider_waits (provider, until) values ($1, $2)
         on conflict (provider) do update set until = excluded.until`,
        [provider, toIso(until)],
      );
    },
  };
}

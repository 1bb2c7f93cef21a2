import { type EpochMs, toIso } from "../../../core/time.ts";
import type { StoredSymbols, SymbolGroups } from "../../../ports/symbol_list.ts";
import type { Db } from "../connection/database.ts";

export function createSymbolGroups(db: Db): SymbolGroups {
  return {
    read: () => readSymbols(db),
    async saveVolumes(volumes, now) {
      await db.query(
        `update symbols set day_volume = ranked.usd, ranked_at = $3
         from unnest($1::text[], $2::float8[]) as ranked(symbol, usd)
         where symbols.symbol = ranked.symbol`,
        [volumes.map(({ symbol }) => symbol), volumes.map(({ usd }) => usd), toIso(now)],
      );
    },
    async addMembers(members, now) {
      const rows = [...members].flatMap(([group, symbols]) =>
        [...symbols].map((symbol) => ({ group, symbol }))
      );
      await db.query(
        `insert into symbol_groups (group_name, symbol, selected_at)
         select member.group_name, member.symbol, $3
         from unnest($1::text[], $2::text[]) as member(group_name, symbol)
         on conflict do nothing`,
        [rows.map(({ group }) => group), rows.map(({ symbol }) => symbol), toIso(now)],
      );
    },
  };
}

async function readSymbols(db: Db): Promise<StoredSymbols> {
  const [markets, members] = await Promise.all([
    db.query<MarketRow>(
      `select symbol, quote_asset, status, ranked_at from symbols
       order by day_volume desc nulls last, symbol`,
    ),
    db.query<{ group_name: string; symbols: string[] }>(
      `select group_name, array_agg(symbol) as symbols from symbol_groups group by group_name`,
    ),
  ]);
  const ranked = markets.filter((one) => one.ranked_at !== null);
  return {
    markets: markets.map(({ symbol, quote_asset, status }) => ({
      symbol,
      quoteAsset: quote_asset,
      status,
    })),
    ranking: ranked.map(({ symbol }) => symbol),
    rankedAt: ranked.length === 0 ? undefined : Math.max(...ranked.map((one) => one.ranked_at!)),
    members: new Map(members.map(({ group_name, symbols }) => [group_name, new Set(symbols)])),
  };
}

interface MarketRow {
  readonly symbol: string;
  readonly quote_asset: string;
  readonly status: string;
  readonly ranked_at: EpochMs | null;
}

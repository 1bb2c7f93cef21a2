import { parseDecimal } from "../../core/decimal.ts";
import { REMOVED } from "../../core/symbol_status.ts";
import { type EpochMs, toIso } from "../../core/time.ts";
import type { MarketFilter, MarketSymbol } from "../../ports/kline_source.ts";
import type { Db } from "./connection/database.ts";

/**
 * Inserts and updates only what differs; a repeat writes nothing, not even to the write-ahead log.
 * Changes of the status are recorded with the time at which they were seen.
 */
export async function saveSymbols(
  db: Db,
  symbols: readonly MarketSymbol[],
  seenAt?: EpochMs,
): Promise<void> {
  const column = (pick: (symbol: MarketSymbol) => string | undefined) =>
    symbols.map((symbol) => pick(symbol) ?? null);
  await recordStatuses(db, symbols, seenAt);
  await db.query(
    `insert into symbols as s
       (symbol, base_asset, quote_asset, status, tick_size, step_size, filters)
     select i.* from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[],
       $6::numeric[], $7::json[])
       as i(symbol, base_asset, quote_asset, status, tick_size, step_size, filters)
     left join symbols old on old.symbol = i.symbol
       and (old.base_asset, old.quote_asset, old.status, old.tick_size, old.step_size,
         old.filters::text) is not distinct from (i.base_asset, i.quote_asset, i.status,
         i.tick_size, i.step_size, coalesce(i.filters, old.filters)::text)
     where old.symbol is null
     on conflict (symbol) do update set base_asset = excluded.base_asset,
       quote_asset = excluded.quote_asset, status = excluded.status,
       tick_size = excluded.tick_size, step_size = excluded.step_size,
       filters = coalesce(excluded.filters, s.filters), seen_at = excluded.seen_at`,
    [
      column((s) => s.symbol),
      column((s) => s.baseAsset),
      column((s) => s.quoteAsset),
      column((s) => s.status),
      column((s) => s.tickSize),
      column((s) => s.stepSize),
      column((s) => s.filters && JSON.stringify(s.filters)),
    ],
  );
}

/** `UNKNOWN` is wick's own, until the exchange is asked. */
async function recordStatuses(
  db: Db,
  symbols: readonly Pick<MarketSymbol, "symbol" | "status">[],
  seenAt: EpochMs | undefined,
): Promise<void> {
  await db.query(
    `insert into symbol_statuses (symbol_id, seen_at, old_status, status)
     select s.symbol_id, coalesce($3::timestamptz, now()), s.status, i.status
     from unnest($1::text[], $2::text[]) as i(symbol, status) join symbols s using (symbol)
     where s.status <> i.status and s.status <> 'UNKNOWN'
     on conflict do nothing`,
    [
      symbols.map(({ symbol }) => symbol),
      symbols.map(({ status }) => status),
      seenAt === undefined ? null : toIso(seenAt),
    ],
  );
}

export async function markRemoved(
  db: Db,
  names: readonly string[],
  seenAt?: EpochMs,
): Promise<MarketSymbol[]> {
  if (names.length === 0) return [];
  await recordStatuses(db, names.map((symbol) => ({ symbol, status: REMOVED })), seenAt);
  await db.query(
    "update symbols set status = $2 where symbol = any($1) and status <> $2",
    [names, REMOVED],
  );
  return await findMarkets(db, names);
}

export async function findMarkets(db: Db, names: readonly string[]): Promise<MarketSymbol[]> {
  return names.length === 0 ? [] : await listMarkets(db, "symbol = any($1)", [names]);
}

/** Symbols with stored series, by name, without those that are known from imported files alone. */
export function readHeldSymbols(db: Db): Promise<MarketSymbol[]> {
  const own = "select symbol_id from series where row_count > 0 or imported_rows = 0";
  return listMarkets(db, `symbol_id in (${own})`, []);
}

async function listMarkets(db: Db, where: string, values: unknown[]): Promise<MarketSymbol[]> {
  const rows = await db.query<Row>(
    `select symbol, base_asset, quote_asset, status, tick_size, step_size, filters from symbols
     where ${where} order by symbol`,
    values,
  );
  return rows.map((row) => ({
    symbol: row.symbol,
    baseAsset: row.base_asset,
    quoteAsset: row.quote_asset,
    status: row.status,
    tickSize: row.tick_size === null ? undefined : parseDecimal(row.tick_size),
    stepSize: row.step_size === null ? undefined : parseDecimal(row.step_size),
    filters: row.filters ?? undefined,
  }));
}

interface Row extends Record<"symbol" | "base_asset" | "quote_asset" | "status", string> {
  readonly tick_size: string | null;
  readonly step_size: string | null;
  readonly filters: readonly MarketFilter[] | null;
}

import type { Decimal } from "../../../core/decimal.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type { SymbolLife } from "../../../core/universe/symbol_record.ts";
import type { DueSymbol, FoundLives, LifeStore } from "../../../ports/universe.ts";
import type { Db, Transaction } from "../connection/database.ts";
import { readManyRows, selectList } from "../reading/many_rows.ts";
import { epochMs } from "../reading/time_bound.ts";

/** The lives of symbols, in `symbol_lives`. */
export function createLifeStore(db: Db): LifeStore {
  return {
    listDue: (limit, emptyBefore) => listDue(db, limit, emptyBefore),
    async save(symbol, found, checkedAt) {
      await db.transaction((tx) => saveLives(tx, symbol, found, checkedAt));
    },
    async listArchived() {
      const rows = await readManyRows<LifeRow & { symbol: string }>(db, {
        columns: { symbol: "symbol", ...LIFE },
        source: "from symbol_lives join symbols using (symbol_id) where source = 'archive'",
        order: "symbol, listed_at",
      });
      const bySymbol = Map.groupBy(rows, ({ symbol }) => symbol);
      return new Map([...bySymbol].map(([symbol, own]) => [symbol, own.map(toLife)]));
    },
    async listNames() {
      const rows = await db.query<{ symbol: string }>("select symbol from symbols order by symbol");
      return rows.map(({ symbol }) => symbol);
    },
  };
}

export interface LifeRow {
  readonly listed_at: EpochMs;
  readonly delisted_at: EpochMs | null;
  readonly source: SymbolLife["source"];
  readonly first_price: Decimal | null;
  readonly last_price: Decimal | null;
}

/** Columns of a `SymbolLife`, each with its expression. */
export const LIFE: Record<keyof LifeRow, string> = {
  listed_at: epochMs("listed_at"),
  delisted_at: epochMs("delisted_at"),
  source: "source",
  first_price: "first_price::text",
  last_price: "last_price::text",
};

export function toLife(row: LifeRow): SymbolLife {
  return {
    listedAt: row.listed_at,
    delistedAt: row.delisted_at ?? undefined,
    source: row.source,
    firstPrice: row.first_price ?? undefined,
    lastPrice: row.last_price ?? undefined,
  };
}

async function listDue(db: Db, limit: number, emptyBefore: EpochMs): Promise<DueSymbol[]> {
  const rows = await db.query<{ symbol_id: number; symbol: string; status: string }>(
    `select symbol_id, symbol, status from symbols
     left join (
       select symbol_id, max(listed_at) as listed_at, bool_or(delisted_at is null) as is_open
       from symbol_lives group by symbol_id
     ) known using (symbol_id)
     where lives_checked_at is null or is_open <> (status = 'TRADING')
       or (is_open is null and status = 'TRADING' and lives_checked_at < $2)
     order by day_volume desc nulls last, symbol limit $1`,
    [limit, toIso(emptyBefore)],
  );
  const lives = await db.query<LifeRow & { symbol_id: number }>(
    `select symbol_id, ${
      selectList(LIFE)
    } from symbol_lives where symbol_id = any($1) order by listed_at`,
    [rows.map(({ symbol_id }) => symbol_id)],
  );
  const bySymbol = Map.groupBy(lives, ({ symbol_id }) => symbol_id);
  return rows.map(({ symbol_id, symbol, status }) => ({
    symbol,
    status,
    lives: (bySymbol.get(symbol_id) ?? []).map(toLife),
  }));
}

async function saveLives(
  tx: Transaction,
  symbol: string,
  { lives, archived }: FoundLives,
  checkedAt: EpochMs,
): Promise<void> {
  const [row] = await tx.query<{ symbol_id: number }>(
    "select symbol_id from symbols where symbol = $1 for update",
    [symbol],
  );
  if (row === undefined) return;
  const first = lives[0]?.listedAt;
  await tx.query(
    "delete from symbol_lives where symbol_id = $1 and listed_at >= $2::timestamptz",
    [row.symbol_id, first === undefined ? "-infinity" : toIso(first)],
  );
  const times = (pick: (life: SymbolLife) => EpochMs | undefined) =>
    lives.map((life) => pick(life)).map((time) => time === undefined ? null : toIso(time));
  await tx.query(
    `insert into symbol_lives
       (symbol_id, listed_at, delisted_at, source, first_price, last_price)
     select $1, life.* from
       unnest($2::timestamptz[], $3::timestamptz[], $4::text[], $5::numeric[], $6::numeric[])
       as life(listed_at, delisted_at, source, first_price, last_price)`,
    [
      row.symbol_id,
      times(({ listedAt }) => listedAt),
      times(({ delistedAt }) => delistedAt),
      lives.map(({ source }) => source),
      lives.map(({ firstPrice }) => firstPrice ?? null),
      lives.map(({ lastPrice }) => lastPrice ?? null),
    ],
  );
  await tx.query(
    `update symbols set lives_checked_at = $2, archived_from = coalesce($3, archived_from),
       archived_to = coalesce($4, archived_to)
     where symbol_id = $1`,
    [
      row.symbol_id,
      toIso(checkedAt),
      archived === undefined ? null : toIso(archived.from),
      archived === undefined ? null : toIso(archived.to),
    ],
  );
}

import { endOf, type Interval } from "../../../core/interval.ts";
import { REMOVED } from "../../../core/symbol_status.ts";
import type { EpochMs } from "../../../core/time.ts";
import type {
  StatusChange,
  SymbolLife,
  SymbolRecord,
} from "../../../core/universe/symbol_record.ts";
import type { UniverseReader } from "../../../ports/universe.ts";
import type { Db } from "../connection/database.ts";
import { LIFE, type LifeRow, toLife } from "./lives_postgres.ts";
import { type ManyRows, readManyRows } from "../reading/many_rows.ts";
import { epochMs } from "../reading/time_bound.ts";

/** All symbols with their lives. */
export function createUniverseReader(db: Db): UniverseReader {
  return {
    list: () => list(db),
    async progress() {
      const [row] = await db.query<{ pending: number; checked_at: EpochMs | null }>(
        `select count(*) filter (where lives_checked_at is null) as pending,
           max(lives_checked_at) as checked_at from symbols`,
      );
      return { pending: row!.pending, checkedAt: row!.checked_at ?? undefined };
    },
  };
}

interface SymbolRow {
  readonly symbol_id: number;
  readonly symbol: string;
  readonly base_asset: string;
  readonly quote_asset: string;
  readonly status: string;
  readonly is_described: boolean;
  readonly lives_checked_at: EpochMs | null;
  readonly archived_from: EpochMs | null;
  readonly archived_to: EpochMs | null;
}

const SYMBOLS: ManyRows<SymbolRow> = {
  columns: {
    symbol_id: "symbol_id",
    symbol: "symbol",
    base_asset: "base_asset",
    quote_asset: "quote_asset",
    status: "status",
    is_described: "filters is not null",
    lives_checked_at: epochMs("lives_checked_at"),
    archived_from: epochMs("archived_from"),
    archived_to: epochMs("archived_to"),
  },
  source: "from symbols",
  order: "symbol",
};

const LIVES: ManyRows<LifeRow & { symbol_id: number }> = {
  columns: { symbol_id: "symbol_id", ...LIFE },
  source: "from symbol_lives",
  order: "symbol_id, listed_at",
};

const STORED: ManyRows<StoredRow> = {
  columns: {
    symbol_id: "symbol_id",
    interval: "interval",
    listed_at: epochMs("listed_at"),
    first_open_time: epochMs("first_open_time"),
    last_open_time: epochMs("last_open_time"),
  },
  source: "from series where row_count > 0",
  order: "symbol_id, interval",
};

async function list(db: Db): Promise<SymbolRecord[]> {
  const [symbols, lives, statuses, stored] = await Promise.all([
    readManyRows<SymbolRow>(db, SYMBOLS),
    readManyRows<LifeRow & { symbol_id: number }>(db, LIVES),
    db.query<{ symbol_id: number; seen_at: EpochMs; old_status: string; status: string }>(
      "select symbol_id, seen_at, old_status, status from symbol_statuses order by seen_at",
    ),
    readManyRows<StoredRow>(db, STORED),
  ]);
  const livesOf = Map.groupBy(lives, ({ symbol_id }) => symbol_id);
  const statusesOf = Map.groupBy(statuses, ({ symbol_id }) => symbol_id);
  const storedOf = Map.groupBy(stored, ({ symbol_id }) => symbol_id);
  return symbols.flatMap((row) => {
    const known = livesOf.get(row.symbol_id)?.map(toLife);
    const own = known ?? storedLives(storedOf.get(row.symbol_id) ?? [], row.status);
    const changes = (statusesOf.get(row.symbol_id) ?? []).map((one): StatusChange => ({
      at: one.seen_at,
      from: one.old_status,
      to: one.status,
    }));
    return own.length === 0 ? [] : [toRecord(row, own, changes)];
  });
}

function toRecord(
  row: SymbolRow,
  lives: readonly SymbolLife[],
  statuses: readonly StatusChange[],
): SymbolRecord {
  return {
    symbol: row.symbol,
    base: row.base_asset,
    quote: row.quote_asset,
    isSplit: row.status === REMOVED && !row.is_described,
    status: row.status,
    lives,
    checkedAt: row.lives_checked_at ?? undefined,
    archived: row.archived_from === null || row.archived_to === null
      ? undefined
      : { from: row.archived_from, to: row.archived_to },
    statuses,
  };
}

interface StoredRow {
  readonly symbol_id: number;
  readonly interval: Interval;
  readonly listed_at: EpochMs | null;
  readonly first_open_time: EpochMs;
  readonly last_open_time: EpochMs;
}

/** The life that stored candles show, until the symbol is looked up. */
function storedLives(rows: readonly StoredRow[], status: string): SymbolLife[] {
  if (rows.length === 0) return [];
  const firsts = rows.map((row) => Math.min(row.listed_at ?? Infinity, row.first_open_time));
  const ends = rows.map((row) => endOf(row.last_open_time, row.interval));
  return [{
    listedAt: Math.min(...firsts),
    delistedAt: status === "TRADING" ? undefined : Math.max(...ends),
    source: "stored",
    firstPrice: undefined,
    lastPrice: undefined,
  }];
}

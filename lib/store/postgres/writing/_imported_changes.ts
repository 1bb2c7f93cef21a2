import { type TimeRange, toIso } from "../../../core/time.ts";
import type { Transaction } from "../connection/database.ts";
import type { SeriesKey } from "../series_postgres.ts";

/**
 * Deletes the imported candles of a range, both ends inclusive, that have one of the exchange.
 * Returns their number.
 */
export async function deleteReplaced(
  tx: Transaction,
  key: SeriesKey,
  { from, to }: TimeRange,
): Promise<number> {
  const rows = await tx.query(
    `delete from imported_klines i using klines k
     where i.symbol_id = $1 and i.interval = $2 and i.open_time between $3 and $4
       and k.symbol_id = $1 and k.interval = $2 and k.open_time between $3 and $4
       and k.open_time = i.open_time
     returning 1`,
    [key.symbolId, key.interval, toIso(from), toIso(to)],
  );
  if (rows.length > 0) await countImported(tx, key, -rows.length);
  return rows.length;
}

/** Counts a change of the series' imported candles. */
export async function countImported(
  tx: Transaction,
  key: SeriesKey,
  added: number,
): Promise<void> {
  await tx.query(
    `insert into series as s (symbol_id, interval, imported_rows, imported_version)
     values ($1, $2, $3, 1)
     on conflict (symbol_id, interval) do update
       set imported_rows = s.imported_rows + $3, imported_version = s.imported_version + 1`,
    [key.symbolId, key.interval, added],
  );
}

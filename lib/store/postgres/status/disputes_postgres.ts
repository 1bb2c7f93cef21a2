import { type Series } from "../../../core/kline.ts";
import type { Newest, RefusedFile, SeriesDisputes } from "../../../ports/status_reader.ts";
import type { Db } from "../connection/database.ts";

/** Records that a run left a file's candles to the API; a repeat within the run changes nothing. */
export async function recordRefusal(
  db: Db,
  runId: number,
  { symbol, interval }: Series,
  { name, reason }: { readonly name: string; readonly reason: string },
): Promise<void> {
  await db.query(
    `insert into refused_files (run_id, name, symbol_id, interval, reason)
     select $1, $2, symbol_id, $4, $5 from symbols where symbol = $3
     on conflict do nothing`,
    [runId, name, symbol, interval, reason],
  );
}

/** A page of rejected files, newest first. */
export async function pageRefusals(
  db: Db,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<Newest<RefusedFile>> {
  const [count] = await db.query<{ total: number }>("select count(*) as total from refused_files");
  const items = await db.query<RefusedFile>(
    `select symbol, interval, name, reason, refused_at as at, run_id as "runId"
     from refused_files join symbols using (symbol_id)
     order by refused_at desc, name limit $1 offset $2`,
    [limit, offset],
  );
  return { total: count!.total, items };
}

/** By series with entries. */
export function readDisputes(db: Db): Promise<SeriesDisputes[]> {
  return db.query(
    `select symbol, counted.interval, sum(conflicts)::bigint as conflicts,
       sum(refused)::bigint as "refusedFiles"
     from (
       select symbol_id, interval, count(*) as conflicts, 0 as refused
       from kline_conflicts group by symbol_id, interval
       union all
       select symbol_id, interval, 0, count(*) from refused_files group by symbol_id, interval
     ) counted join symbols using (symbol_id)
     group by symbol, counted.interval`,
  );
}

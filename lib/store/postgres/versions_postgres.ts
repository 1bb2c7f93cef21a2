import type { Interval } from "../../core/interval.ts";
import { KLINE_COLUMNS, type KlineColumn } from "../../core/kline.ts";
import type { EpochMs } from "../../core/time.ts";
import type { CandleOrigin } from "../../ports/run_ledger.ts";
import type { KlineVersions, Newest } from "../../ports/status_reader.ts";
import type { Db } from "./connection/database.ts";

interface Page {
  readonly limit: number;
  readonly offset: number;
}

const VALUES = KLINE_COLUMNS.filter((column) => column !== "open_time");

const values = (table: string) => `array[${VALUES.map((column) => textOf(`${table}.${column}`))}]`;

function textOf(column: string): string {
  return column.endsWith("_time")
    ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`
    : `${column}::text`;
}

/** Each old version with its successor: a later revision, or the current candle. */
const REVISIONS = `
  select symbol, r.interval, r.open_time, r.replaced_at as at, r.replaced_by as run_id, job, source,
    ${values("r")} as old, coalesce(later.vals, now.vals) as new
  from (
    select * from kline_revisions order by replaced_at desc, open_time desc, change_seq desc
    limit $1 offset $2
  ) r
  join symbols using (symbol_id)
  join runs on runs.run_id = r.replaced_by
  left join lateral (
    select ${values("l")} as vals from kline_revisions l
    where l.symbol_id = r.symbol_id and l.interval = r.interval and l.open_time = r.open_time
      and l.change_seq > r.change_seq
    order by l.change_seq limit 1
  ) later on true
  left join lateral (
    select ${values("k")} as vals from klines k
    where k.symbol_id = r.symbol_id and k.interval = r.interval and k.open_time = r.open_time
  ) now on true
  order by r.replaced_at desc, r.open_time desc, r.change_seq desc`;

const CONFLICTS = `
  select symbol, c.interval, c.open_time, c.seen_at as at, c.run_id, job, source,
    now.vals as old, ${values("c")} as new
  from (
    select * from kline_conflicts order by seen_at desc, open_time desc limit $1 offset $2
  ) c
  join symbols using (symbol_id)
  join runs using (run_id)
  left join lateral (
    select ${values("k")} as vals from klines k
    where k.symbol_id = c.symbol_id and k.interval = c.interval and k.open_time = c.open_time
  ) now on true
  order by c.seen_at desc, c.open_time desc`;

/** Revised candles, newest first. */
export function pageRevisions(db: Db, page: Page): Promise<Newest<KlineVersions>> {
  return readVersions(db, "kline_revisions", REVISIONS, page);
}

/** Candles that differ in a less reliable source; `old` is the stored version. */
export function pageConflicts(db: Db, page: Page): Promise<Newest<KlineVersions>> {
  return readVersions(db, "kline_conflicts", CONFLICTS, page);
}

interface Row {
  symbol: string;
  interval: Interval;
  open_time: EpochMs;
  at: EpochMs;
  run_id: number;
  job: string;
  source: CandleOrigin;
  old: string[] | null;
  new: string[] | null;
}

async function readVersions(
  db: Db,
  table: string,
  sql: string,
  { limit, offset }: Page,
): Promise<Newest<KlineVersions>> {
  const [count] = await db.query<{ total: number }>(`select count(*) as total from ${table}`);
  const rows = await db.query<Row>(sql, [limit, offset]);
  return {
    total: count!.total,
    items: rows.map((row) => ({
      symbol: row.symbol,
      interval: row.interval,
      openTime: row.open_time,
      at: row.at,
      runId: row.run_id,
      job: row.job,
      source: row.source,
      changes: toChanges(row.old ?? [], row.new ?? []),
    })),
  };
}

function toChanges(old: readonly string[], now: readonly string[]): KlineVersions["changes"] {
  return VALUES.flatMap((column: KlineColumn, i) => {
    const [before = "–", after = "–"] = [old[i], now[i]];
    return before === after ? [] : [{ column, old: before, new: after }];
  });
}

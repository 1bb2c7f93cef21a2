import type { Interval } from "../../../core/interval.ts";
import { KLINE_COLUMNS, type KlineColumn } from "../../../core/kline.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type { CandleOrigin } from "../../../ports/run_ledger.ts";
import type { KlineVersions, Newest } from "../../../ports/status_reader.ts";
import type { Db, Queryable } from "../connection/database.ts";

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

// The page first, by its index; joined before, all rows would be sorted for it.
const REVISIONS = `
  select r.symbol_id, symbol, r.interval, r.open_time, r.change_seq, r.replaced_at as at,
    r.replaced_by as run_id, job, source, ${values("r")} as vals
  from (
    select * from kline_revisions order by replaced_at desc, open_time desc, change_seq desc
    limit $1 offset $2
  ) r
  join symbols using (symbol_id)
  join runs on runs.run_id = r.replaced_by
  order by r.replaced_at desc, r.open_time desc, r.change_seq desc`;

const CONFLICTS = `
  select c.symbol_id, symbol, c.interval, c.open_time, c.seen_at as at, c.run_id, job, source,
    ${values("c")} as vals
  from (
    select * from kline_conflicts order by seen_at desc, open_time desc limit $1 offset $2
  ) c
  join symbols using (symbol_id)
  join runs using (run_id)
  order by c.seen_at desc, c.open_time desc`;

/**
 * The versions of the wanted candles that a table has. The last condition repeats the join with
 * constants, by which TimescaleDB skips the other chunks; a lateral join would read all of them.
 */
const versionsIn = (table: "klines" | "kline_revisions") => `
  select v.symbol_id, v.interval, v.open_time, v.change_seq, ${values("v")} as vals
  from unnest($1::int[], $2::text[], $3::timestamptz[]) as wanted(symbol_id, interval, open_time)
  join ${table} v on v.symbol_id = wanted.symbol_id and v.interval = wanted.interval
    and v.open_time = wanted.open_time
  where v.open_time = any($3::timestamptz[])`;

/** Revised candles, newest first; `new` is the next revision, or the candle as it is. */
export function pageRevisions(db: Db, page: Page): Promise<Newest<KlineVersions>> {
  return readPage(db, "kline_revisions", REVISIONS, page, async (tx, rows) => {
    const versions = await readVersions(tx, rows, ["kline_revisions", "klines"]);
    return rows.map((row) => {
      const next = versions.get(nameOf(row))?.find((one) => one.change_seq > row.change_seq!);
      return toVersions(row, row.vals, next?.vals);
    });
  });
}

/** Candles that differ in a less reliable source; `old` is the stored version. */
export function pageConflicts(db: Db, page: Page): Promise<Newest<KlineVersions>> {
  return readPage(db, "kline_conflicts", CONFLICTS, page, async (tx, rows) => {
    const versions = await readVersions(tx, rows, ["klines"]);
    return rows.map((row) => toVersions(row, versions.get(nameOf(row))?.[0]?.vals, row.vals));
  });
}

interface Version {
  readonly symbol_id: number;
  readonly interval: Interval;
  readonly open_time: EpochMs;
  readonly change_seq: number;
  readonly vals: readonly string[];
}

interface Row extends Omit<Version, "change_seq"> {
  /** Only revisions have it. */
  readonly change_seq?: number;
  readonly symbol: string;
  readonly at: EpochMs;
  readonly run_id: number;
  readonly job: string;
  readonly source: CandleOrigin;
}

async function readPage(
  db: Db,
  table: string,
  sql: string,
  { limit, offset }: Page,
  toItems: (tx: Queryable, rows: readonly Row[]) => Promise<KlineVersions[]>,
): Promise<Newest<KlineVersions>> {
  const [count] = await db.query<{ total: number }>(`select count(*) as total from ${table}`);
  const { total } = count!;
  if (total <= offset) return { total, items: [] };
  const items = await db.snapshot(async (tx) =>
    await toItems(tx, await tx.query<Row>(sql, [limit, offset]))
  );
  return { total, items };
}

const nameOf = (
  { symbol_id, interval, open_time }: Pick<Version, "symbol_id" | "interval" | "open_time">,
) => `${symbol_id} ${interval} ${open_time}`;

/** The versions of the candles by `nameOf`, oldest first. */
async function readVersions(
  tx: Queryable,
  rows: readonly Row[],
  tables: readonly ("klines" | "kline_revisions")[],
): Promise<ReadonlyMap<string, readonly Version[]>> {
  const wanted = [...new Map(rows.map((row) => [nameOf(row), row])).values()];
  const keys = [
    wanted.map((row) => row.symbol_id),
    wanted.map((row) => row.interval),
    wanted.map((row) => toIso(row.open_time)),
  ];
  const versions: Version[] = [];
  for (const table of tables) versions.push(...await tx.query<Version>(versionsIn(table), keys));
  return Map.groupBy(versions.sort((a, b) => a.change_seq - b.change_seq), nameOf);
}

function toVersions(
  row: Row,
  old: readonly string[] | undefined,
  now: readonly string[] | undefined,
): KlineVersions {
  return {
    symbol: row.symbol,
    interval: row.interval,
    openTime: row.open_time,
    at: row.at,
    runId: row.run_id,
    job: row.job,
    source: row.source,
    changes: toChanges(old ?? [], now ?? []),
  };
}

function toChanges(old: readonly string[], now: readonly string[]): KlineVersions["changes"] {
  return VALUES.flatMap((column: KlineColumn, i) => {
    const [before = "–", after = "–"] = [old[i], now[i]];
    return before === after ? [] : [{ column, old: before, new: after }];
  });
}

import type { GapClass, GapEvidence } from "../core/gaps.ts";
import { countWhole, type Interval, intervalMs } from "../core/interval.ts";
import { type EpochMs, SECOND_MS, type TimeRange, toIso } from "../core/time.ts";
import type { Gap, GapFilter, GapLedger, GapReason, Newest } from "../ports.ts";
import type { Db, Queryable, Transaction } from "./database.ts";
import { lockSeries, type SeriesKey, seriesKey, type SymbolIds } from "./series_postgres.ts";

/** Holes of the stored series, in the table `gaps`. */
export function createGapLedger(db: Db, ids: SymbolIds = new Map()): GapLedger {
  return {
    async scan(series) {
      const key = await seriesKey(db, ids, series);
      await db.transaction(async (tx) => {
        await lockSeries(tx, key);
        const version = await versionToScan(tx, key);
        if (version !== undefined) await scanSeries(tx, key, version);
      });
    },
    list: (filter) => listGaps(db, filter),
    async classify(series, range, reason) {
      await classifyGap(db, await seriesKey(db, ids, series), range, reason);
    },
    async countOthers(series, range) {
      return await countOthers(db, await seriesKey(db, ids, series), range);
    },
    async setEdge(series, edge, range, evidence) {
      const key = await seriesKey(db, ids, series);
      await db.transaction((tx) => setEdge(tx, key, { edge, range, evidence }));
    },
  };
}

/** For what leaves no mark, such as rows inserted by hand or a partition that was dropped. */
const SCAN_AGAIN_AFTER = "1 day";

/** The series' version, if anything but our own writes may have changed it since the last scan. */
async function versionToScan(tx: Transaction, key: SeriesKey): Promise<number | undefined> {
  const [row] = await tx.query<{ version: number }>(
    `select version from series where symbol_id = $1 and interval = $2
       and (scanned_version is distinct from version
         or scanned_at < now() - interval '${SCAN_AGAIN_AFTER}')`,
    [key.symbolId, key.interval],
  );
  return row?.version;
}

/** `version` was read before the rows: rows deleted meanwhile by hand make it out of date. */
async function scanSeries(tx: Transaction, key: SeriesKey, version: number): Promise<void> {
  const own = [key.symbolId, key.interval];
  const [count] = await tx.query<{ was_wrong: boolean }>(
    "select recount_series($1, $2) as was_wrong",
    own,
  );
  await followHoles(tx, key, undefined);
  await tx.query(
    `update series set scanned_version = $3, scanned_at = now()
     where symbol_id = $1 and interval = $2`,
    [...own, count!.was_wrong ? version + 1 : version],
  );
}

/**
 * Brings the ledger in line with the stored rows around `opens` (first and last open time written),
 * or with all of them: new holes are pending, filled ones go, changed ones are pending again.
 * Writes nothing when nothing changed. The caller holds the series' lock.
 */
export async function followHoles(
  tx: Transaction,
  key: SeriesKey,
  opens: TimeRange | undefined,
): Promise<void> {
  const { from, to } = opens === undefined
    ? { from: "-infinity", to: "infinity" }
    : { from: toIso(opens.from), to: toIso(opens.to) };
  await tx.query(FOLLOW_HOLES(key.interval), [key.symbolId, key.interval, from, to]);
}

const FOLLOW_HOLES = (interval: Interval) => `
  with own as not materialized (
    select open_time from klines where symbol_id = $1 and interval = $2
  ), bounds as (
    -- From the candle before what changed to the one after it, within what is stored.
    select coalesce((select max(open_time) from own where open_time < $3),
        (select min(open_time) from own)) as first,
      coalesce((select min(open_time) from own where open_time > $4),
        (select max(open_time) from own)) as last
  ), holes as materialized (
    select from_time, to_time, ${wholeBetween(interval, "from_time", "to_time")} as missing
    from (
      select ${endOf(interval, "open_time")} as from_time,
        lead(open_time) over (order by open_time) as to_time
      from own, bounds where open_time between first and last
    ) neighbours
    where ${endOf(interval, "from_time")} <= to_time
  ), filled as (
    delete from gaps using bounds
    where symbol_id = $1 and interval = $2 and from_time < last and to_time > first
      and not exists (select from holes where holes.from_time = gaps.from_time)
  )
  insert into gaps as g (symbol_id, interval, from_time, to_time, missing, class)
  select $1, $2, from_time, to_time, missing, 'pending' from holes
  where not exists (
    select from gaps where symbol_id = $1 and interval = $2
      and gaps.from_time = holes.from_time and gaps.to_time = holes.to_time
  )
  on conflict (symbol_id, interval, from_time) do update set to_time = excluded.to_time,
    missing = excluded.missing, class = 'pending', evidence = null, checked_at = null`;

/** SQL for the end of the candle that opens at `column`; months have no fixed length. */
function endOf(interval: Interval, column: string): string {
  return interval === "1M"
    ? `((date_trunc('month', ${column} at time zone 'UTC') + interval '1 month') at time zone 'UTC')`
    : `(${column} + interval '${intervalMs(interval) / SECOND_MS} seconds')`;
}

/** SQL for the number of whole candles between two times. */
function wholeBetween(interval: Interval, from: string, to: string): string {
  const months = (column: string) =>
    `(extract(year from ${column} at time zone 'UTC') * 12
      + extract(month from ${column} at time zone 'UTC'))`;
  return interval === "1M"
    ? `(${months(to)} - ${months(from)})::bigint`
    : `floor(extract(epoch from ${to} - ${from}) * 1000 / ${intervalMs(interval)})::bigint`;
}

interface GapRow {
  symbol: string;
  interval: Interval;
  from_time: EpochMs;
  to_time: EpochMs;
  missing: number;
  class: GapClass;
  evidence: GapEvidence | null;
  checked_at: EpochMs | null;
}

const GAP_COLUMNS =
  "symbol, gaps.interval, from_time, to_time, missing, class, evidence, checked_at";

const GAP_FILTER = `from gaps join symbols using (symbol_id)
  where ($1::text is null or symbol = $1) and ($2::text is null or gaps.interval = $2)
    and ($3::text is null or class = $3)`;

const filterValues = ({ symbol, interval, class: reason }: GapFilter) => [
  symbol ?? null,
  interval ?? null,
  reason ?? null,
];

async function listGaps(db: Queryable, filter: GapFilter): Promise<Gap[]> {
  const rows = await db.query<GapRow>(
    `select ${GAP_COLUMNS} ${GAP_FILTER} order by symbol, gaps.interval, from_time`,
    filterValues(filter),
  );
  return rows.map(toGap);
}

/** A page of the holes, the newest first. */
export async function pageGaps(
  db: Queryable,
  filter: GapFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<Newest<Gap>> {
  const own = filterValues(filter);
  const [count] = await db.query<{ total: number }>(`select count(*) as total ${GAP_FILTER}`, own);
  const rows = await db.query<GapRow>(
    `select ${GAP_COLUMNS} ${GAP_FILTER}
     order by from_time desc, symbol, gaps.interval limit $4 offset $5`,
    [...own, limit, offset],
  );
  return { total: count!.total, items: rows.map(toGap) };
}

function toGap(row: GapRow): Gap {
  return {
    symbol: row.symbol,
    interval: row.interval,
    from: row.from_time,
    to: row.to_time,
    missing: row.missing,
    class: row.class,
    evidence: row.evidence ?? undefined,
    checkedAt: row.checked_at ?? undefined,
  };
}

/**
 * Symbols of the same interval that have candles on both sides of the stretch, and how many of them
 * have less than half of those inside: off the grid, no two miss quite the same.
 */
async function countOthers(db: Queryable, key: SeriesKey, range: TimeRange) {
  const has = (condition: string) =>
    `exists (select from klines k where k.symbol_id = s.symbol_id and k.interval = $2
       and ${condition})`;
  const [row] = await db.query<{ others: number; others_missing: number }>(
    `select count(*) as others, count(*) filter (where 2 * (
         select count(*) from klines k where k.symbol_id = s.symbol_id and k.interval = $2
           and k.open_time >= $3 and k.open_time < $4
       ) < $5) as others_missing
     from series s where s.interval = $2 and s.symbol_id <> $1
       and ${has("k.open_time < $3")} and ${has("k.open_time >= $4")}`,
    [
      key.symbolId,
      key.interval,
      toIso(range.from),
      toIso(range.to),
      countWhole(range, key.interval),
    ],
  );
  return { others: row!.others, othersMissing: row!.others_missing };
}

interface Edge {
  readonly edge: "not_listed" | "delisted";
  readonly range: TimeRange | undefined;
  readonly evidence: GapEvidence | undefined;
}

/** Edges lie outside of the stored rows, so there is one of each kind at most; it may grow. */
async function setEdge(tx: Transaction, key: SeriesKey, { edge, range, evidence }: Edge) {
  await lockSeries(tx, key);
  const { from = 0, to = 0 } = range ?? {};
  const isOutside = edge === "not_listed"
    ? "to_time <= (select min(open_time) from klines k where k.symbol_id = $1 and k.interval = $2)"
    : "from_time > (select max(open_time) from klines k where k.symbol_id = $1 and k.interval = $2)";
  const own = [key.symbolId, key.interval];
  await tx.query(
    `delete from gaps where symbol_id = $1 and interval = $2 and class = $3 and ${isOutside}
       and not (from_time = $4 and to_time = $5)`,
    [...own, edge, toIso(from), toIso(to)],
  );
  if (range === undefined) return;
  await tx.query(
    `insert into gaps as g
       (symbol_id, interval, from_time, to_time, missing, class, evidence, checked_at)
     select $1, $2, $4, $5, $6, $3, $7, $8
     where not exists (select from gaps where symbol_id = $1 and interval = $2
       and from_time = $4 and to_time = $5 and class = $3)
     on conflict do nothing`,
    [
      ...own,
      edge,
      toIso(from),
      toIso(to),
      countWhole({ from, to }, key.interval),
      evidence === undefined ? null : JSON.stringify(evidence),
      evidence === undefined ? null : toIso(evidence.askedAt),
    ],
  );
}

async function classifyGap(
  db: Queryable,
  key: SeriesKey,
  range: TimeRange,
  reason: GapReason,
): Promise<void> {
  await db.query(
    `update gaps set class = $5, evidence = $6, checked_at = $7
     where symbol_id = $1 and interval = $2 and from_time = $3 and to_time = $4`,
    [
      key.symbolId,
      key.interval,
      toIso(range.from),
      toIso(range.to),
      reason.class,
      JSON.stringify(reason.evidence),
      toIso(reason.evidence.askedAt),
    ],
  );
}

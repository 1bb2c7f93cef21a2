import { LRUCache } from "lru-cache";
import type { GapClass, GapEvidence } from "../../../core/gaps.ts";
import { countWhole, type Interval } from "../../../core/interval.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { Gap, GapLedger, GapReason } from "../../../ports/gap_ledger.ts";
import type { Db, Queryable, Transaction } from "../connection/database.ts";
import { PART_ROWS } from "../time_parts.ts";
import { scanSeries } from "./gap_scan.ts";
import { lockSeries, type SeriesKey, seriesKey, type SymbolIds } from "../series_postgres.ts";

/** Gaps of the stored series, in the table `gaps`. */
export function createGapLedger(
  db: Db,
  ids: SymbolIds = new Map(),
  { partRows = PART_ROWS }: { readonly partRows?: number } = {},
): GapLedger {
  const witnesses = createWitnesses(db);
  return {
    scan: async (series) => scanSeries(db, await seriesKey(db, ids, series), partRows),
    list: (filter) => listGaps(db, filter),
    async classify(series, range, reason) {
      await classifyGap(db, await seriesKey(db, ids, series), range, reason);
    },
    async countOthers(series, range) {
      const { symbolId, interval } = await seriesKey(db, ids, series);
      const { traded, missing } = await witnesses(interval, range);
      const isOther = (id: number) => id !== symbolId;
      return {
        others: traded.filter(isOther).length,
        othersMissing: missing.filter(isOther).length,
      };
    },
    async setEdge(series, edge, range, evidence) {
      const key = await seriesKey(db, ids, series);
      await db.transaction((tx) => setEdge(tx, key, { edge, range, evidence }));
    },
  };
}

/** Columns of a gap, from `gaps` joined with `symbols`. */
export const GAP_COLUMNS =
  "symbol, gaps.interval, from_time, to_time, missing, class, evidence, checked_at";

export interface GapRow {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from_time: EpochMs;
  readonly to_time: EpochMs;
  readonly missing: number;
  readonly class: GapClass;
  readonly evidence: GapEvidence | null;
  readonly checked_at: EpochMs | null;
}

async function listGaps(
  db: Queryable,
  { symbol, interval, class: reason }: Parameters<GapLedger["list"]>[0],
): Promise<Gap[]> {
  const rows = await db.query<GapRow>(
    `select ${GAP_COLUMNS} from gaps join symbols using (symbol_id)
     where ($1::text is null or symbol = $1) and ($2::text is null or gaps.interval = $2)
       and ($3::text is null or class = $3)
     order by symbol, gaps.interval, from_time`,
    [symbol ?? null, interval ?? null, reason ?? null],
  );
  return rows.map(toGap);
}

export function toGap(row: GapRow): Gap {
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

/** IDs of symbols with candles on both sides of a range, and of those that lack most of it. */
interface Witnesses {
  readonly traded: readonly number[];
  readonly missing: readonly number[];
}

/**
 * Time for which the witnesses of a range are kept: an outage is a gap of every symbol, and each of
 * them asks for the same ones, which would take time with the square of the number of symbols.
 */
const WITNESS_MS = 5_000;
const MAX_RANGES = 200;

function createWitnesses(db: Queryable) {
  const kept = new LRUCache<string, Promise<Witnesses>>({ max: MAX_RANGES, ttl: WITNESS_MS });
  return (interval: Interval, range: TimeRange): Promise<Witnesses> => {
    const key = `${interval} ${range.from} ${range.to}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = findWitnesses(db, interval, range);
    kept.set(key, found);
    found.catch(() => kept.delete(key));
    return found;
  };
}

/**
 * Reads the ledger instead of the candles, which a range of years has thousands of. Gaps that cover
 * more than half of the range count: off the grid, they rarely match exactly.
 */
async function findWitnesses(
  db: Queryable,
  interval: Interval,
  range: TimeRange,
): Promise<Witnesses> {
  const rows = await db.query<{ symbol_id: number; lacks: boolean }>(
    `select s.symbol_id, coalesce(2 * sum(least(g.to_time, $3::timestamptz)
         - greatest(g.from_time, $2::timestamptz)) filter (where g.from_time is not null)
         > $3::timestamptz - $2::timestamptz, false) as lacks
     from series s
     left join gaps g on g.symbol_id = s.symbol_id and g.interval = s.interval
       and g.from_time < $3 and g.to_time > $2
     where s.interval = $1 and s.first_open_time < $2 and s.last_open_time >= $3
     group by s.symbol_id`,
    [interval, toIso(range.from), toIso(range.to)],
  );
  return {
    traded: rows.map((row) => row.symbol_id),
    missing: rows.filter(({ lacks }) => lacks).map((row) => row.symbol_id),
  };
}

interface Edge {
  readonly edge: "not_listed" | "delisted";
  readonly range: TimeRange | undefined;
  readonly evidence: GapEvidence | undefined;
}

/** Ranges before the first and after the last row: at most one of each, which may grow. */
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

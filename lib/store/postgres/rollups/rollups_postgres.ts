import { ASK_AGAIN_MS } from "../../../core/gaps.ts";
import { endOf, type Interval } from "../../../core/interval.ts";
import { type Series, seriesName } from "../../../core/kline.ts";
import { proofBase, type RollupCause } from "../../../core/rollup.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type {
  RollupDetail,
  RollupDifference,
  RollupLedger,
  RollupPair,
  RollupProof,
  RollupReader,
} from "../../../ports/rollup_ledger.ts";
import type { Db, Queryable } from "../connection/database.ts";
import { readManyRows } from "../reading/many_rows.ts";
import { epochMs } from "../reading/time_bound.ts";
import { checkSeries } from "./rollup_check.ts";
import { advancePair, recheckOldest } from "./rollup_steps.ts";
import { seriesKey, symbolIdOf, type SymbolIds } from "../series_postgres.ts";

/** Differences of a series that `proofs` and `find` return. */
const LISTED = 5;

/** Comparisons of candles with the sums of shorter ones, in the tables `rollups`. */
export function createRollupReader(db: Db, ids: SymbolIds = new Map()): RollupReader {
  return {
    proofs: (symbols) =>
      symbols === undefined
        ? readProofs(db, "", [])
        : readProofs(db, "where symbol = any($1)", [symbols]),
    async find({ symbol, interval }) {
      const own = [await symbolIdOf(db, ids, symbol), interval];
      return (await readProofs(db, "where r.symbol_id = $1 and r.interval = $2", own))[0];
    },
    check: (series, range) => checkSeries(db, ids, series, range),
  };
}

export function createRollupLedger(db: Db, ids: SymbolIds = new Map()): RollupLedger {
  const keyOf = async (pair: RollupPair) => ({
    ...await seriesKey(db, ids, pair),
    base: pair.base,
  });
  return {
    ...createRollupReader(db, ids),
    due: () => findDue(db),
    advance: async (pair) => advancePair(db, await keyOf(pair)),
    recheck: () => recheckOldest(db),
    unconfirmed: (due, limit) => readUnconfirmed(db, due, limit),
    async answer(difference, { askedAt, cause }) {
      const { symbolId, interval, base } = await keyOf(difference);
      await db.query(
        `update rollup_differences set asked = asked + 1, asked_at = $5, cause = $6
         where symbol_id = $1 and interval = $2 and base = $3 and open_time = $4`,
        [symbolId, interval, base, toIso(difference.openTime), toIso(askedAt!), cause ?? null],
      );
    },
  };
}

interface ProofRow {
  readonly symbol: string;
  readonly interval: Interval;
  readonly base: Interval;
  readonly compared: number;
  readonly is_settled: boolean;
  readonly checked_at: EpochMs | null;
  readonly differing: number | null;
  readonly unexplained: number | null;
  readonly newest: DifferenceFields[] | null;
}

/** As JSON: times in epoch ms. */
interface DifferenceFields {
  readonly openTime: EpochMs;
  readonly details: readonly RollupDetail[];
  readonly asked: number;
  readonly askedAt: EpochMs | null;
  readonly cause: RollupCause | null;
}

const PROOF: Record<keyof ProofRow, string> = {
  symbol: "symbol",
  interval: "r.interval",
  base: "r.base",
  compared: "compared",
  is_settled: "is_settled",
  checked_at: epochMs("checked_at"),
  differing: "differing",
  unexplained: "unexplained",
  newest: "newest",
};

async function readProofs(
  db: Queryable,
  filter: string,
  values: readonly unknown[],
): Promise<RollupProof[]> {
  const rows = await readManyRows<ProofRow>(db, {
    columns: PROOF,
    source: `from rollups r join symbols using (symbol_id)
     left join (
       select symbol_id, interval, base, max(place) as differing,
         count(*) filter (where cause is null) as unexplained,
         json_agg(json_build_object('openTime', ${epochMs("open_time")}, 'details', details,
           'asked', asked, 'askedAt', ${epochMs("asked_at")}, 'cause', cause) order by open_time)
           filter (where place_from_end <= ${LISTED}) as newest
       from (
         select d.*, row_number() over (partition by symbol_id, interval, base order by open_time)
             as place,
           row_number() over (partition by symbol_id, interval, base order by open_time desc)
             as place_from_end
         from rollup_differences d
       ) placed group by symbol_id, interval, base
     ) found on found.symbol_id = r.symbol_id and found.interval = r.interval
       and found.base = r.base
     ${filter}`,
    order: "symbol, r.interval, r.base",
  }, values);
  return rows.map((row) => ({
    symbol: row.symbol,
    interval: row.interval,
    base: row.base,
    compared: row.compared,
    differing: row.differing ?? 0,
    unexplained: row.unexplained ?? 0,
    differences: (row.newest ?? []).map(toDifference),
    isSettled: row.is_settled,
    checkedAt: row.checked_at ?? undefined,
  }));
}

function toDifference({ askedAt, cause, ...rest }: DifferenceFields): RollupDifference {
  return { ...rest, askedAt: askedAt ?? undefined, cause: cause ?? undefined };
}

interface DueRow extends Series {
  readonly rows: number;
  readonly version: number;
  readonly revised: number;
  readonly last: EpochMs;
  readonly base: Interval | null;
  readonly to: EpochMs | null;
  readonly seen: number | null;
  readonly base_seen: number | null;
  readonly is_settled: boolean | null;
  readonly checked_at: EpochMs | null;
}

async function findDue(db: Db): Promise<RollupPair[]> {
  const rows = await db.query<DueRow>(
    `select symbol, s.interval, s.version, revised_version as revised, last_open_time as last,
       base, to_time as to, r.version as seen, r.base_version as base_seen, is_settled, checked_at
     from series s join symbols using (symbol_id)
     left join rollups r on r.symbol_id = s.symbol_id and r.interval = s.interval
     where row_count > 0 order by checked_at nulls first`,
  );
  const bySymbol = Map.groupBy(rows, ({ symbol }) => symbol);
  const pairs = new Map<string, RollupPair>();
  for (const row of rows) {
    const { symbol, interval } = row;
    const others = bySymbol.get(symbol)!;
    const base = proofBase(interval, others.map((one) => one.interval));
    if (base === undefined || pairs.has(seriesName(row))) continue;
    const own = others.find((one) => one.interval === interval && one.base === base);
    const short = others.find((one) => one.interval === base)!;
    if (own === undefined || isDue(own, short)) {
      pairs.set(seriesName(row), { symbol, interval, base });
    }
  }
  return [...pairs.values()];
}

/** Returns true if candles were added that can be compared, or compared ones may have changed. */
function isDue(own: DueRow, short: DueRow): boolean {
  if (!own.is_settled || own.seen === null || own.base_seen === null) return true;
  if (own.revised > own.seen || short.revised > own.base_seen) return true;
  const isGrown = own.version > own.seen || short.version > own.base_seen;
  return isGrown && (own.to === null || endOf(own.last, own.interval) > own.to);
}

async function readUnconfirmed(
  db: Db,
  { since, now }: { readonly since: EpochMs; readonly now: EpochMs },
  limit: number,
): Promise<(RollupPair & RollupDifference)[]> {
  const rows = await db.query<RollupPair & DifferenceFields>(
    `select symbol, d.interval, base, open_time as "openTime", details, asked,
       asked_at as "askedAt", cause
     from rollup_differences d join symbols using (symbol_id)
     where open_time >= $2 and (asked_at is null
       or asked_at + ($3::bigint[])[least(asked, cardinality($3::bigint[]))]
         * interval '1 millisecond' <= $4)
     order by asked_at nulls first, open_time desc limit $1`,
    [limit, toIso(since), ASK_AGAIN_MS, toIso(now)],
  );
  return rows.map(({ symbol, interval, base, ...rest }) => ({
    ...toDifference(rest),
    symbol,
    interval,
    base,
  }));
}

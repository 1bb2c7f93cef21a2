import { firstOpenFrom, type Interval, openTimeOf } from "../../../core/interval.ts";
import type { Series } from "../../../core/kline.ts";
import { proofBase, type RollupCause } from "../../../core/rollup.ts";
import type { EpochMs, TimeRange } from "../../../core/time.ts";
import type { RollupCheck, RollupDifference } from "../../../ports/rollup_ledger.ts";
import { comparable, gridOf, type PairKey, readSight } from "./rollup_sight.ts";
import type { Db, Queryable } from "../connection/database.ts";
import { compareRange, type Found, stepEnd } from "./rollup_steps.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";

/**
 * Compares the candles of a series that lie within the range, in steps of one snapshot; records
 * nothing. `undefined`: no shorter interval is stored.
 */
export async function checkSeries(
  db: Db,
  ids: SymbolIds,
  series: Series,
  range: TimeRange,
): Promise<RollupCheck | undefined> {
  const symbolId = await symbolIdOf(db, ids, series.symbol);
  return await db.snapshot(async (tx) => {
    const base = proofBase(series.interval, await readIntervals(tx, symbolId));
    return base && await checkPair(tx, { symbolId, ...series, base }, range);
  });
}

/** The intervals of a symbol that have candles. */
export async function readIntervals(tx: Queryable, symbolId: number): Promise<Interval[]> {
  const rows = await tx.query<{ interval: Interval }>(
    "select interval from series where symbol_id = $1 and row_count > 0",
    [symbolId],
  );
  return rows.map(({ interval }) => interval);
}

async function checkPair(
  tx: Queryable,
  key: PairKey & Series,
  range: TimeRange,
): Promise<RollupCheck | undefined> {
  const { symbol, interval, base } = key;
  const sight = await readSight(tx, key);
  if (sight === undefined) return undefined;
  const grid = gridOf(key, sight);
  const anchor = sight.long.first!;
  const from = firstOpenFrom(range.from, interval, anchor);
  const to = Number.isFinite(range.to) ? openTimeOf(range.to, interval, anchor) : Infinity;
  let compared = 0;
  const found: Found[] = [];
  for (const stretch of comparable(key, sight)) {
    const end = Math.min(stretch.to, to);
    for (let at = Math.max(stretch.from, from); at < end; at = stepEnd(at, end, grid)) {
      const step = await compareRange(tx, key, sight, {
        from: at,
        to: stepEnd(at, end, grid),
      });
      compared += step.compared;
      found.push(...step.differences);
    }
  }
  const answers = found.length === 0 ? new Map() : await readAnswers(tx, key);
  const differences = found.map((one) => ({ ...one, ...answers.get(one.openTime) ?? NOT_ASKED }));
  return { symbol, interval, base, compared, differences };
}

type Answer = Pick<RollupDifference, "asked" | "askedAt" | "cause">;

const NOT_ASKED: Answer = { asked: 0, askedAt: undefined, cause: undefined };

/** The exchange's answers about recorded differences, by open time. */
async function readAnswers(
  tx: Queryable,
  { symbolId, interval, base }: PairKey,
): Promise<Map<EpochMs, Answer>> {
  const rows = await tx.query<{
    open_time: EpochMs;
    asked: number;
    asked_at: EpochMs | null;
    cause: RollupCause | null;
  }>(
    `select open_time, asked, asked_at, cause from rollup_differences
     where symbol_id = $1 and interval = $2 and base = $3 and asked > 0`,
    [symbolId, interval, base],
  );
  return new Map(rows.map(({ open_time, asked, asked_at, cause }) => [
    open_time,
    { asked, askedAt: asked_at ?? undefined, cause: cause ?? undefined },
  ]));
}

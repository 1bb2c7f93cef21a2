import { countWhole, endOf, type Interval, shiftOpen } from "../../../core/interval.ts";
import { partsIn } from "../../../core/rollup.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { RollupDetail } from "../../../ports/rollup_ledger.ts";
import type { Db, Queryable, Transaction } from "../connection/database.ts";
import { comparable, gridOf, type PairKey, readSight, type Sight } from "./rollup_sight.ts";
import { changedRows, compareRows, countBefore, type RollupGrid } from "./rollup_sql.ts";
import { lockSeries } from "../series_postgres.ts";

/** Shorter candles that one statement adds up, in less than 0.1 s. */
export const STEP_ROWS = 40_000;

/** Changed candles that are compared one by one; after more, a pair starts again. */
const MAX_CHANGED = 2_000;
const MAX_RANGES = 200;

/** A candle that differs from the sum of its parts. */
export interface Found {
  readonly openTime: EpochMs;
  readonly details: readonly RollupDetail[];
}

interface FoundRow {
  readonly openTime: EpochMs;
  readonly parts: number;
  readonly details: readonly (RollupDetail | null)[];
}

/**
 * Compares the candles that open in the range. One that lacks a part without a gap in the ledger,
 * as after another program deleted rows, does not count.
 */
export async function compareRange(
  tx: Queryable,
  key: PairKey,
  sight: Sight,
  { from, to }: TimeRange,
): Promise<{ compared: number; differences: Found[] }> {
  const grid = gridOf(key, sight);
  const [row] = await tx.query<{ compared: number; differences: FoundRow[] }>(
    compareRows(grid),
    [key.symbolId, toIso(from), toIso(to)],
  );
  const complete = row!.differences.filter((found) => isComplete(found, sight, grid));
  const differences = complete.map(({ openTime, details }) => ({
    openTime,
    details: details.filter((detail) => detail !== null),
  }));
  return { compared: row!.compared - row!.differences.length + complete.length, differences };
}

function isComplete(
  { openTime, parts }: FoundRow,
  { short, confirmed }: Sight,
  { interval, base }: RollupGrid,
): boolean {
  const end = endOf(openTime, interval);
  return parts >= countWhole({ from: openTime, to: end }, base) || openTime < short.first! ||
    confirmed.some((gap) => gap.from < end && gap.to > openTime);
}

/** The end of a step that begins at `from`. */
export function stepEnd(from: EpochMs, to: EpochMs, { interval, base }: RollupGrid): EpochMs {
  return Math.min(to, shiftOpen(from, interval, candlesOf(interval, base)));
}

const candlesOf = (interval: Interval, base: Interval) =>
  Math.max(1, Math.floor(STEP_ROWS / partsIn(base, interval)));

/** The recorded state of a pair. */
interface State {
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly version: number;
  readonly base_version: number;
  readonly compared: number;
}

const NOTHING: State = { from: undefined, to: undefined, version: 0, base_version: 0, compared: 0 };

/**
 * Compares what has changed among the compared candles of a pair, and then the next stretch of
 * others, in one transaction. Both series are locked, so that versions and rows agree. Resolves
 * with true if there is more.
 */
export function advancePair(db: Db, key: PairKey): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockSeries(tx, { ...key, interval: key.base });
    const checkedAt = toIso(await lockSeries(tx, key));
    await forgetOthers(tx, key);
    const sight = await readSight(tx, key);
    if (sight === undefined) return false;
    const work = { tx, key, sight, grid: gridOf(key, sight), checkedAt };
    const stretches = comparable(key, sight);
    const known = await compareChanged(work, await readPair(tx, key));
    const state = isWithin(known, stretches) ? known : await startAgain(work);
    const stretch = stretches.find(({ from, to }) => state.to! >= from && state.from! <= to) ??
      stretches.at(-1);
    const next = stretch === undefined ? state : await compareNext(work, state, stretch);
    const hasMore = stretch !== undefined && !covers(next, stretch);
    const isSettled = stretches.every((one) => covers(next, one));
    await savePair(work, { ...next, isSettled });
    return hasMore;
  });
}

/**
 * Compares the next stretch of the settled pair whose turn was longest ago. A stretch that cannot
 * be compared has had its turn, too, so that it holds up no other.
 */
export async function recheckOldest(db: Db): Promise<void> {
  const [oldest] = await db.query<{ symbol_id: number; interval: Interval; base: Interval }>(
    `select symbol_id, interval, base from rollups where is_settled and to_time is not null
     order by rechecked_at nulls first, symbol_id, interval limit 1`,
  );
  if (oldest === undefined) return;
  const key = { symbolId: oldest.symbol_id, interval: oldest.interval, base: oldest.base };
  let reached: EpochMs | undefined;
  try {
    await db.transaction((tx) => recheckNext(tx, key, (end) => reached = end));
  } finally {
    await db.query(
      `update rollups set rechecked_to = $4, rechecked_at = now()
       where symbol_id = $1 and interval = $2 and base = $3`,
      [...own(key), reached === undefined ? null : toIso(reached)],
    );
  }
}

/** Calls `onReach` with the end of the stretch; with `undefined` when it is the last one. */
async function recheckNext(
  tx: Transaction,
  key: PairKey,
  onReach: (end: EpochMs | undefined) => void,
): Promise<void> {
  await lockSeries(tx, { ...key, interval: key.base });
  const checkedAt = toIso(await lockSeries(tx, key));
  const sight = await readSight(tx, key);
  const [pair] = await tx.query<{ from: EpochMs | null; to: EpochMs | null; at: EpochMs | null }>(
    `select from_time as from, to_time as to, rechecked_to as at from rollups
     where symbol_id = $1 and interval = $2 and base = $3 for update`,
    own(key),
  );
  const { from, to, at } = pair ?? {};
  if (sight === undefined || from == null || to == null) return; // changed since it was chosen
  const work = { tx, key, sight, grid: gridOf(key, sight), checkedAt };
  const start = at === null || at === undefined || at <= from || at >= to ? from : at;
  const end = stepEnd(start, to, work.grid);
  onReach(end < to ? end : undefined);
  await compareAndRecord(work, { from: start, to: end });
}

interface Work {
  readonly tx: Transaction;
  readonly key: PairKey;
  readonly sight: Sight;
  readonly grid: RollupGrid;
  /** When the locks were obtained. */
  readonly checkedAt: string;
}

const own = ({ symbolId, interval, base }: PairKey) => [symbolId, interval, base] as const;

const covers = (state: State, { from, to }: TimeRange) => state.from! <= from && state.to! >= to;

const isWithin = ({ from, to }: State, stretches: readonly TimeRange[]) =>
  from === undefined || to === undefined ||
  stretches.some((one) => one.from <= from && one.to >= to);

/** A series is compared with one base. */
async function forgetOthers(tx: Transaction, key: PairKey): Promise<void> {
  for (const table of ["rollups", "rollup_differences"]) {
    await tx.query(
      `delete from ${table} where symbol_id = $1 and interval = $2 and base <> $3`,
      own(key),
    );
  }
}

async function readPair(tx: Transaction, key: PairKey): Promise<State> {
  await tx.query(
    `insert into rollups (symbol_id, interval, base) values ($1, $2, $3) on conflict do nothing`,
    own(key),
  );
  const [row] = await tx.query<State & { from: EpochMs | null; to: EpochMs | null }>(
    `select from_time as from, to_time as to, version, base_version, compared from rollups
     where symbol_id = $1 and interval = $2 and base = $3 for update`,
    own(key),
  );
  return { ...row!, from: row!.from ?? undefined, to: row!.to ?? undefined };
}

/** Compares again the candles that were revised or added, or whose parts were. */
async function compareChanged(work: Work, state: State): Promise<State> {
  const { tx, key, sight, grid } = work;
  const { from, to, version, base_version } = state;
  if (from === undefined || to === undefined) return state;
  if (sight.long.revised <= version && sight.short.revised <= base_version) return state;
  const times = [toIso(from), toIso(to)];
  const changed = await tx.query<{ bucket: EpochMs }>(
    changedRows(grid),
    [key.symbolId, ...times, version, base_version, MAX_CHANGED + 1],
  );
  const ranges = toRanges(changed.map(({ bucket }) => bucket), grid.interval);
  if (changed.length > MAX_CHANGED || ranges.length > MAX_RANGES) return await startAgain(work);
  let { compared } = state;
  for (const range of ranges) {
    const [before] = await tx.query<{ compared: number }>(
      countBefore(grid),
      [key.symbolId, toIso(range.from), toIso(range.to), version, base_version],
    );
    compared += await compareAndRecord(work, range) - before!.compared;
  }
  return { ...state, compared };
}

/** Joins adjacent candles. */
function toRanges(opens: readonly EpochMs[], interval: Interval): TimeRange[] {
  const ranges: { from: EpochMs; to: EpochMs }[] = [];
  for (const open of opens) {
    const previous = ranges.at(-1);
    const end = endOf(open, interval);
    if (previous?.to === open) previous.to = end;
    else ranges.push({ from: open, to: end });
  }
  return ranges;
}

async function startAgain({ tx, key }: Work): Promise<State> {
  await tx.query(
    "delete from rollup_differences where symbol_id = $1 and interval = $2 and base = $3",
    own(key),
  );
  return NOTHING;
}

/** Extends the compared range within the stretch: newer candles first, then older ones. */
async function compareNext(work: Work, state: State, stretch: TimeRange): Promise<State> {
  const { from = stretch.to, to = stretch.to } = state;
  const { interval, base } = work.grid;
  if (to < stretch.to) {
    const end = stepEnd(to, stretch.to, work.grid);
    const added = await compareAndRecord(work, { from: to, to: end });
    return { ...state, from, to: end, compared: state.compared + added };
  }
  if (from <= stretch.from) return { ...state, from, to };
  const start = Math.max(stretch.from, shiftOpen(from, interval, -candlesOf(interval, base)));
  const added = await compareAndRecord(work, { from: start, to: from });
  return { ...state, from: start, to, compared: state.compared + added };
}

/**
 * Compares a range and replaces its recorded differences; returns the number of candles compared.
 */
async function compareAndRecord(
  { tx, key, sight, checkedAt }: Work,
  range: TimeRange,
): Promise<number> {
  const { compared, differences } = await compareRange(tx, key, sight, range);
  const times = [toIso(range.from), toIso(range.to)];
  const opens = differences.map(({ openTime }) => toIso(openTime));
  await tx.query(
    `delete from rollup_differences where symbol_id = $1 and interval = $2 and base = $3
       and open_time >= $4 and open_time < $5 and open_time <> all($6::timestamptz[])`,
    [...own(key), ...times, opens],
  );
  if (differences.length === 0) return compared;
  await tx.query(
    `insert into rollup_differences as d (symbol_id, interval, base, open_time, details, found_at)
     select $1, $2, $3, found.open_time, found.details, $4
     from unnest($5::timestamptz[], $6::jsonb[]) as found(open_time, details)
     on conflict (symbol_id, interval, base, open_time) do update
       set details = excluded.details, found_at = excluded.found_at, asked = 0, asked_at = null,
         cause = null
       where d.details <> excluded.details`,
    [...own(key), checkedAt, opens, differences.map(({ details }) => JSON.stringify(details))],
  );
  return compared;
}

async function savePair(
  { tx, key, checkedAt, sight: { long, short } }: Work,
  { from, to, compared, isSettled }: State & { readonly isSettled: boolean },
): Promise<void> {
  await tx.query(
    `update rollups set from_time = $4, to_time = $5, version = $6, base_version = $7,
       compared = $8, is_settled = $9, checked_at = $10
     where symbol_id = $1 and interval = $2 and base = $3`,
    [
      ...own(key),
      ...[from, to].map((time) => time === undefined ? null : toIso(time)),
      long.version,
      short.version,
      compared,
      isSettled,
      checkedAt,
    ],
  );
}

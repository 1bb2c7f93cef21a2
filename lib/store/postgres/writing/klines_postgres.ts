import { endOf, type Interval, isOnGrid } from "../../../core/interval.ts";
import { type Kline, type Series, seriesName } from "../../../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { KlineStore, WriteCount } from "../../../ports/kline_store.ts";
import { appendKlines, readNewest } from "./append_klines.ts";
import { compareKlines, confirmKlines, recordConflicts } from "./_compare_klines.ts";
import {
  AFTER_INCOMING,
  AS_KLINE,
  COPY_KLINES,
  INCOMING,
  spanTimes,
  toArrays,
  toCopyLines,
  VALUE_COLUMNS,
} from "./_kline_rows.ts";
import { copyIn } from "../connection/copy_in.ts";
import type { Db, Transaction } from "../connection/database.ts";
import { followGaps } from "./follow_gaps.ts";
import { deleteReplaced } from "./_imported_changes.ts";
import {
  bumpVersion,
  type FreshSpan,
  insertAll,
  insertSeries,
  listStates,
  lockSeries,
  readState,
  type SeriesKey,
  seriesKey,
  type SymbolIds,
  updateSeries,
} from "../series_postgres.ts";
import { findMarkets, markRemoved, saveSymbols } from "../symbols_postgres.ts";

/** Closed candles in the partitioned table `klines`. */
export function createKlineStore(db: Db, ids: SymbolIds = new Map()): KlineStore {
  const keyOf = (series: Series) => seriesKey(db, ids, series);
  return {
    saveSymbols: (symbols, seenAt) => saveSymbols(db, symbols, seenAt),
    findMarkets: (symbols) => findMarkets(db, symbols),
    markRemoved: (symbols, seenAt) => markRemoved(db, symbols, seenAt),
    openSeries: async (series) => insertSeries(db, await keyOf(series)),
    openAll: (series) => insertAll(db, ids, series),
    getState: async (series) => readState(db, await keyOf(series)),
    listStates: () => listStates(db),
    saveListedAt: async (series, time) => updateSeries(db, await keyOf(series), "listed_at", time),
    saveAuditedTo: async (series, time) =>
      updateSeries(db, await keyOf(series), "audited_to", time),
    read: async (series, range) => readKlines(db, await keyOf(series), range),
    async write(series, klines, runId) {
      requireAscending(series, klines);
      const key = await keyOf(series);
      if (klines.length === 0) return { new: 0, corrected: 0, unchanged: 0 };
      return await db.transaction((tx) => writeKlines(tx, key, klines, runId));
    },
    append: (candles, runId) => appendKlines(db, ids, candles, runId),
    newest: (series, since) => readNewest(db, series, since),
  };
}

function readKlines(db: Db, key: SeriesKey, { from, to }: TimeRange): Promise<Kline[]> {
  return db.query<Kline>(
    `select ${AS_KLINE} from klines
     where symbol_id = $1 and interval = $2 and open_time >= $3 and open_time < $4
     order by open_time`,
    [key.symbolId, key.interval, toIso(from), toIso(to)],
  );
}

async function writeKlines(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  runId: number,
): Promise<WriteCount> {
  const storedAt = await lockSeries(tx, key);
  const range = { from: klines[0]!.openTime, to: klines.at(-1)!.openTime };
  const around = await lookAround(tx, key, range);
  const fresh = klines.filter((kline) => !around.known.has(kline.openTime));
  const seen = klines.filter((kline) => around.known.has(kline.openTime));
  const { changed, conflicting, confirmed } = await compareKlines(tx, key, seen, runId);
  if (conflicting.length > 0) await recordConflicts(tx, key, conflicting, runId);
  if (confirmed.length > 0) await confirmKlines(tx, key, confirmed, runId);
  const count = {
    new: fresh.length,
    corrected: changed.length,
    unchanged: seen.length - changed.length - conflicting.length,
    ...conflicting.length === 0 ? {} : { conflicts: conflicting.length },
    ...confirmed.length === 0 ? {} : { confirmed: confirmed.length },
  };
  if (count.new + count.corrected === 0) return count;

  const span = {
    ...spanOf(key.interval, fresh, around.before ?? around.after),
    hasCorrections: changed.length > 0,
  };
  const { version, importedRows } = await bumpVersion(tx, key, span);
  const stamp = { runId, storedAt, version };
  if (fresh.length > 0) await insertKlines(tx, key, fresh, stamp);
  if (fresh.length > 0 && importedRows > 0) await deleteReplaced(tx, key, range);
  if (changed.length > 0) await replaceKlines(tx, key, changed, stamp);
  const isSeamless = !around.hasGaps && isChain(key.interval, [
    ...around.before === undefined ? [] : [around.before],
    ...klines.map((kline) => kline.openTime),
    ...around.after === undefined ? [] : [around.after],
  ]);
  if (fresh.length > 0 && !isSeamless) {
    await followGaps(tx, key, { from: toIso(range.from), to: toIso(range.to) });
  }
  return count;
}

/** Stored rows in and around a batch's range. */
interface Surroundings {
  /** Stored open times within the batch's range. */
  readonly known: ReadonlySet<EpochMs>;
  /** The nearest stored candles on both sides. */
  readonly before: EpochMs | undefined;
  readonly after: EpochMs | undefined;
  /** True if the ledger has gaps that the batch may fill. */
  readonly hasGaps: boolean;
}

async function lookAround(
  tx: Transaction,
  key: SeriesKey,
  { from, to }: TimeRange,
): Promise<Surroundings> {
  const [row] = await tx.query<{
    known: EpochMs[] | null;
    before: EpochMs | null;
    after: EpochMs | null;
    has_gaps: boolean;
  }>(
    `select
       (select array_agg((extract(epoch from open_time) * 1000)::float8) from klines
        where symbol_id = $1 and interval = $2 and open_time between $3 and $4) as known,
       (select max(open_time) from klines
        where symbol_id = $1 and interval = $2 and open_time < $3) as before,
       (select min(open_time) from klines
        where symbol_id = $1 and interval = $2 and open_time > $4) as after,
       exists (select from gaps
        where symbol_id = $1 and interval = $2 and from_time <= $4 and to_time > $3) as has_gaps`,
    [key.symbolId, key.interval, toIso(from), toIso(to)],
  );
  return {
    known: new Set(row!.known),
    before: row!.before ?? undefined,
    after: row!.after ?? undefined,
    hasGaps: row!.has_gaps,
  };
}

/** True if each candle ends where the next one opens. */
function isChain(interval: Interval, opens: readonly EpochMs[]): boolean {
  return opens.every((open, i) => i === 0 || endOf(opens[i - 1]!, interval) === open);
}

function spanOf(interval: Interval, klines: readonly Kline[], neighbour?: EpochMs): FreshSpan {
  const [first, last] = [klines[0], klines.at(-1)];
  if (!first || !last) return { count: 0, offGrid: 0 };
  const anchor = neighbour ?? first.openTime; // 3d has no other grid
  const offGrid = klines.filter(({ openTime }) => !isOnGrid(openTime, interval, anchor)).length;
  return { count: klines.length, offGrid, first: first.openTime, last: last.openTime };
}

/** The writing run, and the series' new version. */
interface Stamp {
  readonly runId: number;
  readonly version: number;
  readonly storedAt: EpochMs;
}

async function insertKlines(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  stamp: Stamp,
) {
  const own = [key.symbolId, key.interval, toIso(stamp.storedAt), stamp.version, stamp.runId];
  await copyIn(tx, COPY_KLINES, [toCopyLines(klines, own.join("\t") + "\t")]);
}

async function replaceKlines(
  tx: Transaction,
  key: SeriesKey,
  klines: readonly Kline[],
  stamp: Stamp,
) {
  const storedAt = toIso(stamp.storedAt);
  await tx.query(
    `insert into kline_revisions
     select k.*, $4, $5 from klines k
     where symbol_id = $1 and interval = $2 and open_time = any($3::timestamptz[])
       and open_time between $6 and $7`,
    [
      key.symbolId,
      key.interval,
      toArrays(klines)[0],
      storedAt,
      stamp.runId,
      ...spanTimes(klines),
    ],
  );
  await tx.query(
    `update klines k set ${VALUE_COLUMNS.map((c) => `${c} = i.${c}`)},
       change_seq = $${AFTER_INCOMING}, run_id = $${AFTER_INCOMING + 1},
       stored_at = $${AFTER_INCOMING + 2}
     from ${INCOMING}
     where k.symbol_id = $1 and k.interval = $2 and k.open_time = i.open_time
       and k.open_time between $${AFTER_INCOMING + 3} and $${AFTER_INCOMING + 4}`,
    [
      key.symbolId,
      key.interval,
      ...toArrays(klines),
      stamp.version,
      stamp.runId,
      storedAt,
      ...spanTimes(klines),
    ],
  );
}

function requireAscending(series: Series, klines: readonly Kline[]): void {
  for (let i = 1; i < klines.length; i++) {
    if (klines[i]!.openTime > klines[i - 1]!.openTime) continue;
    throw new RangeError(
      `Cannot store ${seriesName(series)}: row ${i} does not open after the row before it`,
    );
  }
}

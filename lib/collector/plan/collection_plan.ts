import { archivedUntil, archiveFilesOf, isWorthwhile } from "../../core/archive_file.ts";
import { AppError, describeError } from "../../core/errors.ts";
import { countWhole, endOf, type Interval, openTimeOf } from "../../core/interval.ts";
import { type Series, seriesName } from "../../core/kline.ts";
import {
  type ArchiveShare,
  type BackfillPlan,
  type HistoryLeft,
  planBackfill,
} from "../../core/remaining_history.ts";
import { REMOVED } from "../../core/symbol_status.ts";
import { type EpochMs, FIRST_LISTING, type TimeRange } from "../../core/time.ts";
import { linkRenames, type Rename } from "../../core/universe/renames.ts";
import type { SymbolRecord } from "../../core/universe/symbol_record.ts";
import type { SeriesState } from "../../ports/kline_store.ts";
import type { UniverseReader } from "../../ports/universe.ts";
import { countPending } from "../backfill/backfill_progress.ts";
import type { OrderDeps, WantedTime } from "./collect_plan.ts";
import { type DiskNeed, type DiskPlanDeps, planDisk } from "./disk_plan.ts";
import type { SymbolPreview } from "./symbol_preview.ts";

export interface PlanDeps
  extends Pick<OrderDeps, "store" | "gaps" | "serverTime" | "historySince">, DiskPlanDeps {
  readonly universe: Pick<UniverseReader, "list">;
  readonly hasArchive: boolean;
  /** Request weight a minute that the exchange allows. */
  readonly weightLimit: number;
}

export interface PlanOrder {
  readonly symbols: SymbolPreview;
  readonly intervals: readonly Interval[];
  /** Open times; without bounds all of history. */
  readonly wanted: WantedTime;
}

/** The cost of collecting a selection, estimated from what is known without a request. */
export interface CollectionPlan {
  readonly symbols: SymbolPreview;
  readonly series: number;
  /** Candles of these series that are stored. */
  readonly stored: number;
  /** Candles to collect, at most. */
  readonly rows: number;
  /** Series without a known listing date, for which all of the exchange's time is assumed. */
  readonly undated: number;
  /** From the API alone. */
  readonly rest: BackfillPlan;
  /** From files of the archive, and the API for the rest; `undefined`: the archive is off. */
  readonly archive: (BackfillPlan & { readonly bytes: number }) | undefined;
  readonly weightLimit: number;
  readonly disk: DiskNeed;
  /** Renames of selected symbols. */
  readonly renames: readonly Rename[];
  /** Sources that could not be read, with the reason. */
  readonly notes: readonly string[];
}

/** Bytes of a candle in a zip: BTCUSDT 1h of January 2023 has 60. */
const ZIPPED_ROW_BYTES = 60;
/** Rates of the archive: a file with its checksum, bytes of a download, and rows stored. */
const ARCHIVE_RATE = { filesPerS: 6, bytesPerS: 5e6, rowsPerS: 40_000 };

/** Subtracts what is stored, and compares the rest with the limits of the exchange and the disk. */
export async function planCollection(
  deps: PlanDeps,
  { symbols, intervals, wanted }: PlanOrder,
): Promise<CollectionPlan> {
  const { known, notes } = await readKnown(deps);
  const series = symbols.symbols.flatMap((symbol) =>
    intervals.map((interval) => ({ symbol, interval }))
  );
  const needs = series.map((one) => needOf(one, known, { ...deps, wanted }));
  const sum = (pick: (need: Need) => number) =>
    needs.reduce((total, need) => total + pick(need), 0);
  const rows = sum((need) => need.rows);
  const chosen = new Set(symbols.symbols);
  return {
    symbols,
    series: series.length,
    stored: sum(({ stored }) => stored),
    rows,
    undated: needs.filter(({ isDated }) => !isDated).length,
    rest: planBackfill(needs.map(({ rows }) => ({ rows })), deps.weightLimit),
    archive: deps.hasArchive ? planArchive(needs, deps.weightLimit) : undefined,
    weightLimit: deps.weightLimit,
    disk: await planDisk(deps, rows, known.rows),
    renames: linkRenames([...known.records.values()])
      .filter(({ from, to }) => chosen.has(from) || chosen.has(to)),
    notes: [...symbols.notes, ...notes],
  };
}

/** Stored facts; empty without a database. */
interface Known {
  readonly states: ReadonlyMap<string, SeriesState>;
  readonly pending: ReadonlyMap<string, number>;
  readonly records: ReadonlyMap<string, SymbolRecord>;
  /** Candles in the database. */
  readonly rows: number;
}

async function readKnown(
  { store, gaps, universe }: PlanDeps,
): Promise<{ known: Known; notes: string[] }> {
  try {
    const [states, pending, records] = await Promise.all([
      store.listStates(),
      countPending(gaps),
      universe.list(),
    ]);
    const rows = states.values().reduce((sum, state) => sum + state.rows, 0);
    const bySymbol = new Map(records.map((one) => [one.symbol, one]));
    return { known: { states, pending, records: bySymbol, rows }, notes: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_unavailable") throw error;
    const known = { states: new Map(), pending: new Map(), records: new Map(), rows: 0 };
    return { known, notes: [`${describeError(error)}. Assuming that nothing is stored`] };
  }
}

/** Missing candles of a series. */
interface Need extends HistoryLeft {
  readonly rows: number;
  readonly archived: ArchiveShare;
  readonly stored: number;
  readonly isDated: boolean;
}

function needOf(
  series: Series,
  { states, pending, records }: Known,
  { wanted, historySince, serverTime }: PlanDeps & Pick<PlanOrder, "wanted">,
): Need {
  const now = serverTime();
  const { interval } = series;
  const state = states.get(seriesName(series));
  const record = records.get(series.symbol);
  const lives = livesOf(record, state, { interval, now });
  const window = {
    from: Math.max(historySince, wanted.from ?? 0),
    to: Math.min(now, wanted.to ?? now),
  };
  const missing = (lives ?? [{ from: FIRST_LISTING, to: now }])
    .map((life) => clip(life, window))
    .flatMap((part) => withoutStored(part, interval, state))
    .filter(({ from, to }) => from < to);
  const count = (ranges: readonly TimeRange[]) =>
    ranges.reduce((sum, range) => sum + countWhole(range, interval), 0);
  return {
    rows: count(missing) + (pending.get(seriesName(series)) ?? 0),
    archived: shareOf(series, missing, { now, isRemoved: record?.status === REMOVED }),
    stored: state?.rows ?? 0,
    isDated: lives !== undefined,
  };
}

/** The times of trading, in whole candles; `undefined` when the listing date is unknown. */
function livesOf(
  record: SymbolRecord | undefined,
  state: SeriesState | undefined,
  { interval, now }: { readonly interval: Interval; readonly now: EpochMs },
): TimeRange[] | undefined {
  const lives = record?.lives.filter(({ source }) => source !== "stored") ?? [];
  if (lives.length === 0) {
    return state?.listedAt === undefined ? undefined : [{ from: state.listedAt, to: now }];
  }
  return lives.map(({ listedAt, delistedAt }) => ({
    from: openTimeOf(listedAt, interval, listedAt),
    to: delistedAt === undefined
      ? now
      : Math.min(now, endOf(openTimeOf(delistedAt - 1, interval, listedAt), interval)),
  }));
}

/** The parts of a range before the first and after the last stored candle. */
function withoutStored(
  range: TimeRange,
  interval: Interval,
  state: SeriesState | undefined,
): TimeRange[] {
  const { firstOpenTime, lastOpenTime } = state ?? {};
  if (firstOpenTime === undefined || lastOpenTime === undefined) return [range];
  return [
    clip(range, { from: 0, to: firstOpenTime }),
    clip(range, { from: endOf(lastOpenTime, interval), to: Infinity }),
  ];
}

function clip(a: TimeRange, b: TimeRange): TimeRange {
  return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

/** The part in files; of a symbol that the exchange has removed all of it. */
function shareOf(
  series: Series,
  missing: readonly TimeRange[],
  { now, isRemoved }: { readonly now: EpochMs; readonly isRemoved: boolean },
): ArchiveShare {
  const share = { rows: 0, files: 0 };
  for (const range of missing) {
    const part = clip(range, { from: 0, to: isRemoved ? now : archivedUntil(now) });
    const files = archiveFilesOf(series, part, now).filter((file) =>
      isRemoved || isWorthwhile(file)
    );
    share.files += files.length;
    for (const file of files) share.rows += countWhole(clip(part, file.range), series.interval);
  }
  return share;
}

function planArchive(needs: readonly Need[], weightLimit: number): CollectionPlan["archive"] {
  const plan = planBackfill(needs, weightLimit);
  const rows = needs.reduce((sum, { archived }) => sum + archived.rows, 0);
  const bytes = rows * ZIPPED_ROW_BYTES;
  const { filesPerS, bytesPerS, rowsPerS } = ARCHIVE_RATE;
  const seconds = Math.max(plan.files / filesPerS, bytes / bytesPerS, rows / rowsPerS);
  return { ...plan, bytes, minutes: plan.minutes + seconds / 60 };
}

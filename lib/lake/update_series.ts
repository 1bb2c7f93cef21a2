import { formatCursor, parseCursor } from "../core/cursor.ts";
import { type EpochMs, toIso } from "../core/time.ts";
import { concat } from "../export/concat.ts";
import { packParquet, PARQUET_MAGIC, type ParquetPart } from "../export/parquet_file.ts";
import type { Period, SeriesSnapshot, Survey } from "../ports/lake_source.ts";
import { type DecimalTypes, sentSizes } from "./decimal_types.ts";
import type { LakeFolder } from "./lake_folder.ts";
import type { LakeFile, LakeSeries } from "./lake_manifest.ts";
import { lakePath, periodAt, periodOf, periodsBetween } from "./lake_path.ts";

/** Types for a file whose values have these sizes; they never become narrower. */
export type ChooseTypes = (
  sizes: DecimalTypes,
) => { readonly types: DecimalTypes; readonly schema: number };

export interface SeriesUpdate {
  readonly folder: LakeFolder;
  readonly chooseTypes: ChooseTypes;
  /** The number of the current schema. */
  readonly schema: () => number;
}

export interface UpdatedSeries {
  readonly entry: LakeSeries;
  readonly written: readonly LakeFile[];
  readonly removed: readonly string[];
}

/**
 * Writes the files of a series whose candles have changed since `known`, and removes empty ones.
 */
export async function updateSeries(
  snapshot: SeriesSnapshot,
  known: LakeSeries | undefined,
  update: SeriesUpdate,
): Promise<UpdatedSeries> {
  const { head } = snapshot;
  const period = periodOf(head);
  const old = new Map((known?.files ?? []).map((file) => [beginOf(file, period), file]));
  const stale = await findStale(snapshot, known, old, update);
  const files = new Map([...old].filter(([begin]) => !stale.has(begin)));
  const written: LakeFile[] = [];
  const removed: string[] = [];
  for (const [begin, survey] of stale) {
    if (survey.rows > 0) {
      const file = await writePeriod(snapshot, begin, survey, update);
      files.set(begin, file);
      written.push(file);
    } else if (old.has(begin)) {
      const { path } = old.get(begin)!;
      await update.folder.remove(path);
      removed.push(path);
    }
  }
  const { symbol, interval, rows } = head;
  const entry = {
    symbol,
    interval,
    cursor: formatCursor([head]),
    rows,
    files: [...files].toSorted(([a], [b]) => a - b).map(([, file]) => file),
  };
  return { entry, written, removed };
}

type Surveys = Map<EpochMs, Survey>;
type OldFiles = ReadonlyMap<EpochMs, LakeFile>;

const beginOf = ({ first_open_time }: LakeFile, period: Period) =>
  periodAt(Date.parse(first_open_time), period).from;

/** Periods to be written or removed, ascending. */
async function findStale(
  snapshot: SeriesSnapshot,
  known: LakeSeries | undefined,
  old: OldFiles,
  update: SeriesUpdate,
): Promise<Surveys> {
  const begins = await changedSince(snapshot, known, old);
  for (const [begin, file] of old) {
    if (!await isIntact(file, update)) begins.add(begin);
  }
  const surveys = await surveyAll(snapshot, begins);
  const kept = [...old].filter(([begin]) => !surveys.has(begin));
  const rows = sum([...surveys.values()]) + sum(kept.map(([, file]) => file));
  if (rows === snapshot.head.rows) return surveys;
  // Deleted candles leave no trace in the rest.
  for (const [begin, survey] of await surveyAll(snapshot, kept.map(([begin]) => begin))) {
    if (!isSame(survey, old.get(begin)!)) surveys.set(begin, survey);
  }
  return new Map([...surveys].toSorted(([a], [b]) => a - b));
}

async function changedSince(
  { head, changedPeriods }: SeriesSnapshot,
  known: LakeSeries | undefined,
  old: OldFiles,
): Promise<Set<EpochMs>> {
  const period = periodOf(head);
  const version = known && parseCursor(known.cursor).get(head.lineage);
  if (version === head.version) return new Set();
  // A smaller version: the database was restored from a backup, or a replica is behind.
  if (version !== undefined && version < head.version) {
    return new Set(await changedPeriods(period, version));
  }
  const { firstOpenTime: first, lastOpenTime: last } = head;
  const all = first === undefined || last === undefined ? [] : periodsBetween(first, last, period);
  return new Set([...old.keys(), ...all]);
}

async function isIntact(file: LakeFile, { folder, schema }: SeriesUpdate): Promise<boolean> {
  return file.schema === schema() && await folder.sizeOf(file.path) === file.bytes;
}

async function surveyAll(snapshot: SeriesSnapshot, begins: Iterable<EpochMs>): Promise<Surveys> {
  const period = periodOf(snapshot.head);
  const surveys: Surveys = new Map();
  for (const begin of [...begins].toSorted((a, b) => a - b)) {
    surveys.set(begin, await snapshot.survey(periodAt(begin, period)));
  }
  return surveys;
}

const sum = (parts: readonly { readonly rows: number }[]) =>
  parts.reduce((total, { rows }) => total + rows, 0);

function isSame({ rows, firstOpenTime, lastOpenTime }: Survey, file: LakeFile): boolean {
  return rows === file.rows && firstOpenTime === Date.parse(file.first_open_time) &&
    lastOpenTime === Date.parse(file.last_open_time);
}

async function writePeriod(
  snapshot: SeriesSnapshot,
  begin: EpochMs,
  { rows, sizes, firstOpenTime, lastOpenTime }: Survey,
  { folder, chooseTypes }: SeriesUpdate,
): Promise<LakeFile> {
  const { head } = snapshot;
  const period = periodOf(head);
  const path = lakePath(head, period, begin);
  const { types, schema } = chooseTypes(sizes);
  async function* parts(): AsyncGenerator<ParquetPart> {
    const sent = sentSizes(sizes, types);
    yield { sizes: { sent, typed: types } };
    yield { series: head };
    yield* snapshot.tuples(sent, periodAt(begin, period));
  }
  const bytes = concat([
    () => ReadableStream.from([PARQUET_MAGIC]),
    () => ReadableStream.from(packParquet(parts(), false)),
  ]);
  return {
    path,
    rows,
    first_open_time: toIso(firstOpenTime!),
    last_open_time: toIso(lastOpenTime!),
    ...await folder.place(path, bytes),
    schema,
  };
}

import { AppError } from "../../../core/errors.ts";
import { invalidParameter } from "../../../core/parameter_rules.ts";
import { type Series, seriesName } from "../../../core/kline.ts";
import { type EpochMs, toIso } from "../../../core/time.ts";
import type {
  DerivedHead,
  ExportQuery,
  ExportSeries,
  ImportedHead,
  SeriesHead,
} from "../../../ports/kline_exporter.ts";
import type { Queryable } from "../connection/database.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";
import { type Derivation, findDerivation, stepsOf } from "./_derivation.ts";
import { countSummed } from "../rollups/rollup_sql.ts";
import { lacksExchange } from "../imported_sql.ts";
import { bound, partWithin } from "./time_bound.ts";

/** A head, and the table's keys of its series. */
export interface OwnHead extends SeriesHead {
  readonly symbolId: number;
  readonly firstOpenTime: EpochMs | undefined;
  readonly derived?: DerivedHead;
  /** The reader's position, when only changes are requested. */
  readonly afterVersion: number | undefined;
}

interface Row {
  readonly lineage: number;
  readonly version: number;
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  readonly rows: number;
  readonly gaps: number;
  readonly known_version: number | null;
}

/**
 * @throws `not_found` for a series that is not stored, `invalid_input` for a cursor of another
 *   export
 */
export async function readHeads(
  tx: Queryable,
  ids: SymbolIds,
  query: ExportQuery,
): Promise<OwnHead[]> {
  const heads: OwnHead[] = [];
  for (const series of query.series) {
    const symbolId = await symbolIdOf(tx, ids, series.symbol);
    const own = { ...series, symbolId };
    const range = partWithin(query, series.within);
    const derivation = query.isRollup ? await findDerivation(tx, own, range) : undefined;
    heads.push(
      derivation === undefined
        ? await readHead(tx, own, query)
        : await readDerivedHead(tx, own, query, derivation),
    );
  }
  return heads;
}

/**
 * @throws `invalid_input` for a query about past states or changes, which only stored candles have
 */
async function readDerivedHead(
  tx: Queryable,
  series: OwnSeries,
  query: ExportQuery,
  { base, ranges, gaps, lineage, version, lastOpenTime }: Derivation,
): Promise<OwnHead> {
  const param = query.after !== undefined
    ? "after"
    : query.asOf !== undefined
    ? "as_of"
    : undefined;
  if (param !== undefined) {
    throw invalidParameter(
      param,
      `cannot be combined with rollup for ${seriesName(series)}: its candles are derived from ` +
        `${base}, and have no versions`,
    );
  }
  const grid = { interval: series.interval, base };
  let rows = 0;
  for (const { from, to } of ranges) {
    const [row] = await tx.query<{ rows: number }>(
      countSummed(grid),
      [series.symbolId, toIso(from), toIso(to)],
    );
    rows += row!.rows;
  }
  const none = query.from ?? 0;
  return {
    ...series,
    lineage,
    version,
    rows,
    gaps,
    lastOpenTime,
    firstOpenTime: ranges[0]?.from,
    afterVersion: undefined,
    next: { lineage, version },
    derived: {
      from: base,
      parts: ranges.length > 0 ? stepsOf(ranges, grid) : [{ from: none, to: none }],
    },
  };
}

type OwnSeries = ExportSeries & Pick<OwnHead, "symbolId">;

async function readHead(tx: Queryable, series: OwnSeries, query: ExportQuery): Promise<OwnHead> {
  const afterVersion = query.after &&
    findPlace(query.after, series, required(series, await readMark(tx, series)));
  const row = required(series, await readCounts(tx, series, query, afterVersion));
  const { lineage, version, gaps } = row;
  const imported = query.isImported ? await readImportedCounts(tx, series, query) : undefined;
  return {
    ...series,
    lineage,
    version,
    afterVersion,
    rows: row.rows + (imported?.rows ?? 0),
    gaps,
    ...imported === undefined ? {} : { imported },
    firstOpenTime: earliest(row.first, imported?.first),
    lastOpenTime: latest(row.last, imported?.last),
    next: { lineage, version: query.asOf === undefined ? version : row.known_version ?? 0 },
  };
}

interface ImportedCounts extends ImportedHead {
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
}

const given = (times: readonly (EpochMs | null | undefined)[]) =>
  times.filter((time): time is EpochMs => typeof time === "number");
const earliest = (...times: (EpochMs | null | undefined)[]) =>
  given(times).toSorted((a, b) => a - b)[0];
const latest = (...times: (EpochMs | null | undefined)[]) =>
  given(times).toSorted((a, b) => a - b).at(-1);

/**
 * Imported candles of the range, and the ends of all. They are counted: the number of the series
 * does not notice rows that were deleted by hand.
 */
async function readImportedCounts(
  tx: Queryable,
  { symbolId, interval, within }: OwnSeries,
  query: ExportQuery,
): Promise<ImportedCounts> {
  const { from, to } = partWithin(query, within);
  const counted = `(select count(*) from imported_klines i
    where i.symbol_id = $1 and i.interval = $2 and i.open_time >= $3 and i.open_time < $4
      and ${lacksExchange({ symbolId: "$1", interval: "$2" })})`;
  const end = (pick: string) =>
    `(select ${pick}(open_time) from imported_klines i
      where i.symbol_id = $1 and i.interval = $2)`;
  const [row] = await tx.query<ImportedCounts>(
    `select imported_version as version, ${counted} as rows,
       ${end("min")} as first, ${end("max")} as last
     from series where symbol_id = $1 and interval = $2`,
    [symbolId, interval, bound(from, "-infinity"), bound(to, "infinity")],
  );
  return row!;
}

function required<T>(series: Series, found: T | undefined): T {
  if (found !== undefined) return found;
  throw new AppError("not_found", `Cannot export ${seriesName(series)}: it is not collected here`);
}

/** Separate, because only a cursor needs it, whose position selects the rows to count. */
async function readMark(tx: Queryable, { symbolId, interval }: OwnSeries) {
  const [mark] = await tx.query<Pick<Row, "lineage" | "version">>(
    "select lineage, version from series where symbol_id = $1 and interval = $2",
    [symbolId, interval],
  );
  return mark;
}

function findPlace(
  cursor: NonNullable<ExportQuery["after"]>,
  series: Series,
  { lineage, version }: Pick<Row, "lineage" | "version">,
): number {
  const place = cursor.get(lineage);
  if (place !== undefined && place <= version) return place;
  const reason = place === undefined
    ? `is no cursor of ${seriesName(series)}, or is from before its rows were deleted`
    : `is ahead of the stored state of ${seriesName(series)}`;
  throw invalidParameter("after", `${reason}: start with a full export`);
}

/**
 * The row count of a whole series is stored; a part is counted as a range of the primary key.
 * Revisions of a candle precede its current version, so the state at a time counts each candle
 * once.
 */
async function readCounts(
  tx: Queryable,
  { symbolId, interval, within }: OwnSeries,
  query: ExportQuery,
  afterVersion: number | undefined,
): Promise<Row | undefined> {
  const { from, to } = partWithin(query, within);
  const isWhole = from === undefined && to === undefined && query.asOf === undefined &&
    afterVersion === undefined;
  const counted = `(select count(*) from klines k
      where k.symbol_id = $1 and k.interval = $2 and k.open_time >= $3
        and k.open_time < $4 and k.stored_at <= $5 and k.change_seq > $6)
    + (select count(*) from kline_revisions r
      where r.symbol_id = $1 and r.interval = $2 and r.open_time >= $3
        and r.open_time < $4 and r.stored_at <= $5 and r.replaced_at > $5 and r.change_seq > $6)`;
  const known = `(select max(change_seq) from (
      select max(change_seq) as change_seq from klines k where k.symbol_id = $1
        and k.interval = $2 and k.stored_at <= $5
      union all
      select max(change_seq) from kline_revisions r where r.symbol_id = $1
        and r.interval = $2 and r.stored_at <= $5
    ) known)`;
  const [row] = await tx.query<Row>(
    `select lineage, version, first_open_time as first, last_open_time as last,
       ${isWhole ? "row_count" : counted} as rows,
       ${query.asOf === undefined ? "null" : known} as known_version,
       (select count(*) from gaps g where g.symbol_id = $1 and g.interval = $2
         and g.to_time > $3 and g.from_time < $4) as gaps
     from series where symbol_id = $1 and interval = $2`,
    [
      symbolId,
      interval,
      bound(from, "-infinity"),
      bound(to, "infinity"),
      ...isWhole ? [] : [bound(query.asOf, "infinity"), afterVersion ?? -1],
    ],
  );
  return row;
}

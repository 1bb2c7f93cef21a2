import type { GapClass, GapEvidence } from "../../../core/gaps.ts";
import { INTERVALS } from "../../../core/interval.ts";
import type { Series } from "../../../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { Gap } from "../../../ports/gap_ledger.ts";
import type { GapFilter, GapGroup, ImportedPart, Newest } from "../../../ports/status_reader.ts";
import type { Queryable } from "../connection/database.ts";
import { GAP_COLUMNS, type GapRow, toGap } from "../writing/gaps_postgres.ts";
import { seriesArrays } from "../series_postgres.ts";

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Condition for gaps of the series that `seriesArrays` passes as `$1` and `$2`; null for all. */
export const OF_SERIES = `
  ($1::text[] is null or (gaps.symbol_id, gaps.interval) in (
    select symbol_id, named.interval from unnest($1::text[], $2::text[]) as named(symbol, interval)
    join symbols using (symbol)
  ))`;

const FILTER =
  `${OF_SERIES} and ($3::text is null or class = $3) and ($4::timestamptz is null or from_time = $4)`;

function filterValues({ series, class: reason, from }: GapFilter) {
  const arrays = series === undefined ? [null, null] : seriesArrays(series);
  return [...arrays, reason ?? null, from === undefined ? null : toIso(from)];
}

/** One page of the gaps, newest first. */
export async function pageGaps(
  db: Queryable,
  filter: GapFilter,
  { limit, offset }: Page,
): Promise<Newest<Gap>> {
  const values = filterValues(filter);
  const [count] = await db.query<{ total: number }>(
    `select count(*) as total from gaps where ${FILTER}`,
    values,
  );
  const rows = await db.query<GapRow>(
    `select ${GAP_COLUMNS} from gaps join symbols using (symbol_id) where ${FILTER}
     order by from_time desc, symbol, gaps.interval limit $5 offset $6`,
    [...values, limit, offset],
  );
  return { total: count!.total, items: rows.map(toGap) };
}

/** Imported candles of `series` within their gaps that are exactly one of `ranges`. */
export function countImportedIn(
  db: Queryable,
  ranges: readonly TimeRange[],
  series: readonly Series[],
): Promise<ImportedPart[]> {
  return db.query(
    `select symbol, gaps.interval, from_time as "from", to_time as "to", class,
       count(*) as imported
     from unnest($1::text[], $2::text[]) as named(symbol, interval)
     join symbols using (symbol)
     join gaps on gaps.symbol_id = symbols.symbol_id and gaps.interval = named.interval
     join unnest($3::timestamptz[], $4::timestamptz[]) as wanted(begun, ended)
       on from_time = begun and to_time = ended
     join imported_klines i on i.symbol_id = gaps.symbol_id and i.interval = gaps.interval
       and i.open_time >= from_time and i.open_time < to_time
     group by symbol, gaps.interval, from_time, to_time, class`,
    [
      ...seriesArrays(series),
      ranges.map(({ from }) => toIso(from)),
      ranges.map(({ to }) => toIso(to)),
    ],
  );
}

const GROUP = "group by from_time, to_time, class";

interface GroupKey {
  readonly from_time: EpochMs;
  readonly to_time: EpochMs;
  readonly class: GapClass;
}

interface GroupRow extends GroupKey {
  readonly series: number;
  readonly symbols: number;
  readonly missing: number;
  readonly intervals: readonly string[];
  /** Ids of the symbols, at most two of them. */
  readonly first: number;
  readonly last: number;
}

/** One page of the gaps, newest first; those that begin and end together are one entry. */
export async function pageGapGroups(
  db: Queryable,
  filter: GapFilter,
  { limit, offset }: Page,
): Promise<Newest<GapGroup>> {
  const values = filterValues(filter);
  const [count] = await db.query<{ total: number }>(
    `select count(*) as total from (
       select count(*) as series from gaps where ${FILTER} ${GROUP}
     ) groups`,
    values,
  );
  const rows = await db.query<GroupRow>(
    `select from_time, to_time, class, count(*) as series, count(distinct symbol_id) as symbols,
       sum(missing)::bigint as missing, array_agg(distinct gaps.interval) as intervals,
       min(symbol_id) as first, max(symbol_id) as last
     from gaps where ${FILTER} ${GROUP}
     order by from_time desc, to_time, class limit $5 offset $6`,
    [...values, limit, offset],
  );
  const examples = await readExamples(db, rows);
  return { total: count!.total, items: rows.map((row) => toGroup(row, examples)) };
}

interface Example extends GroupKey {
  readonly symbol_id: number;
  readonly symbol: string;
  readonly evidence: GapEvidence | null;
}

const nameOf = ({ from_time, to_time, class: reason }: GroupKey, symbolId: number) =>
  `${from_time} ${to_time} ${reason} ${symbolId}`;

/** The gaps of each group's first and last symbol, by `nameOf`. */
async function readExamples(
  db: Queryable,
  groups: readonly GroupRow[],
): Promise<ReadonlyMap<string, Example>> {
  const keys = groups.flatMap((group) =>
    [...new Set([group.first, group.last])].map((symbolId) => ({ ...group, symbolId }))
  );
  const rows = await db.query<Example>(
    `select from_time, to_time, class, gaps.symbol_id, symbol, evidence
     from unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::text[])
       as wanted(symbol_id, begun, ended, reason)
     join gaps on gaps.symbol_id = wanted.symbol_id and from_time = begun and to_time = ended
       and class = reason
     join symbols on symbols.symbol_id = gaps.symbol_id`,
    [
      keys.map(({ symbolId }) => symbolId),
      keys.map(({ from_time }) => toIso(from_time)),
      keys.map(({ to_time }) => toIso(to_time)),
      keys.map((key) => key.class),
    ],
  );
  return new Map(rows.map((row) => [nameOf(row, row.symbol_id), row]));
}

function toGroup(row: GroupRow, examples: ReadonlyMap<string, Example>): GapGroup {
  const own = [...new Set([row.first, row.last])]
    .map((id) => examples.get(nameOf(row, id)))
    .filter((one) => one !== undefined);
  return {
    from: row.from_time,
    to: row.to_time,
    class: row.class,
    series: row.series,
    symbols: row.symbols,
    missing: row.missing,
    intervals: INTERVALS.filter((interval) => row.intervals.includes(interval)),
    names: own.map(({ symbol }) => symbol).sort(),
    evidence: own.find(({ evidence }) => evidence !== null)?.evidence ?? undefined,
  };
}

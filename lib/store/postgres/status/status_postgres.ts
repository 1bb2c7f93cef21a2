import type { GapClass } from "../../../core/gaps.ts";
import { endOf, type Interval } from "../../../core/interval.ts";
import type { Series } from "../../../core/kline.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type {
  AbsentPart,
  GapCount,
  SeriesActivity,
  StatusReader,
} from "../../../ports/status_reader.ts";
import type { Db } from "../connection/database.ts";
import { type ManyRows, readManyRows } from "../reading/many_rows.ts";
import { pageRefusals, readDisputes } from "./disputes_postgres.ts";
import { countImportedIn, OF_SERIES, pageGapGroups, pageGaps } from "./gap_pages_postgres.ts";
import { listRuns } from "./runs_postgres.ts";
import { seriesArrays } from "../series_postgres.ts";
import { readSize } from "./sizes_postgres.ts";
import { pageConflicts, pageRevisions } from "./versions_postgres.ts";

/**
 * Reads the data of the status page. Candles are read only of the series that the page shows, a few
 * of each: counts come from `series` and `gaps`, sizes from the catalogue.
 */
export function createStatusReader(db: Db): StatusReader {
  return {
    activity: (series) => readActivity(db, series),
    gapCounts: (series) =>
      readManyRows(db, GAP_COUNTS, series === undefined ? [null, null] : seriesArrays(series)),
    absence: (series, range, parts) => readAbsence(db, { series, range, parts }),
    gapGroups: (filter, page) => pageGapGroups(db, filter, page),
    gaps: (filter, page) => pageGaps(db, filter, page),
    importedIn: (ranges, series) => countImportedIn(db, ranges, series),
    runs: ({ limit, before }) => listRuns(db, limit, before),
    revisions: (page) => pageRevisions(db, page),
    conflicts: (page) => pageConflicts(db, page),
    refusals: (page) => pageRefusals(db, page),
    disputes: () => readDisputes(db),
    size: () => readSize(db),
  };
}

const GAP_COUNTS: ManyRows<GapCount> = {
  columns: {
    symbol: "symbol",
    interval: "counted.interval",
    class: "class",
    ranges: "ranges",
    missing: "missing",
  },
  source: `from (
    select symbol_id, interval, class, count(*) as ranges, sum(missing)::bigint as missing
    from gaps where ${OF_SERIES} group by symbol_id, interval, class
  ) counted join symbols using (symbol_id)`,
  order: "symbol, counted.interval, class",
};

/** Maximum number of a series' candles used to measure its lag. */
const LAG_CANDLES = 100;

async function readActivity(db: Db, series: readonly Series[]): Promise<SeriesActivity[]> {
  const rows = await db.query<{
    symbol: string;
    interval: Interval;
    opens: number[];
    stored: number[];
    run_id: number;
    job: string;
    first_run: EpochMs;
  }>(
    `select symbol, interval, opens, stored, run_id, job,
       (select started_at from runs order by run_id limit 1) as first_run
     from unnest($1::text[], $2::text[]) as wanted(symbol, interval)
     join symbols using (symbol) join series s using (symbol_id, interval)
     cross join lateral (
       select array_agg((extract(epoch from open_time) * 1000)::float8) as opens,
         array_agg((extract(epoch from stored_at) * 1000)::float8) as stored,
         (array_agg(run_id))[1] as run_id
       from (
         select open_time, stored_at, run_id from klines k
         where k.symbol_id = s.symbol_id and k.interval = s.interval
         order by open_time desc limit ${LAG_CANDLES}
       ) newest
     ) recent
     left join runs using (run_id)
     where opens is not null`,
    seriesArrays(series),
  );
  return rows.map(({ symbol, interval, opens, stored, run_id, job, first_run }) => {
    const lags = opens.map((open, i) => Math.max(0, stored[i]! - endOf(open, interval)));
    // Candles that closed before wick's first run could not be stored in time.
    const own = lags.filter((_, i) => endOf(opens[i]!, interval) >= first_run);
    return {
      symbol,
      interval,
      runId: run_id,
      job,
      storedAt: stored[0]!,
      lagMs: lags[0]!,
      lagP95Ms: own.sort((a, b) => a - b)[Math.ceil(own.length * 0.95) - 1],
    };
  });
}

/**
 * Most gaps are within one part and are summed; the few across parts are cut. Times are ms since
 * `$1`, as floats (date_part gives those; extract would give numerics, which are slow); `$3` is the
 * length of a part.
 */
const ABSENCE = `
  with wanted as (
    select symbol_id, interval from unnest($6::text[], $7::text[]) as named(symbol, interval)
    join symbols using (symbol)
  ), begun as materialized (
    select symbol_id, interval, class, part,
      sum(t - f) filter (where t <= (part + 1) * $3::float8) as within,
      array_agg(array[f, t]) filter (where t > (part + 1) * $3::float8) as across
    from (
      select symbol_id, interval, class, f, least(t, $2::int * $3::float8) as t,
        floor(f / $3::float8)::int as part
      from (
        select symbol_id, interval, class,
          greatest(0, date_part('epoch', from_time) * 1000 - $1::float8) as f,
          date_part('epoch', to_time) * 1000 - $1::float8 as t
        from gaps join wanted using (symbol_id, interval)
        where to_time > $4 and from_time < $5
      ) relative
    ) numbered group by symbol_id, interval, class, part
  )
  select symbol, absent.interval, class, part, sum(absent) as absent from (
    select symbol_id, interval, class, part, within as absent from begun where within is not null
    union all
    select symbol_id, interval, class, cut,
      least(across[i][2], (cut + 1) * $3::float8) - greatest(across[i][1], cut * $3::float8)
    from begun cross join lateral generate_subscripts(across, 1) i
    cross join lateral generate_series(part, ceil(across[i][2] / $3::float8)::int - 1) cut
  ) absent join symbols using (symbol_id)
  group by symbol, absent.interval, class, part`;

interface AbsenceQuery {
  readonly series: readonly Series[];
  readonly range: TimeRange;
  readonly parts: number;
}

async function readAbsence(db: Db, { series, range, parts }: AbsenceQuery): Promise<AbsentPart[]> {
  const { from, to } = range;
  const rows = await db.query<{
    symbol: string;
    interval: Interval;
    class: GapClass;
    part: number;
    absent: number;
  }>(
    ABSENCE,
    [from, parts, (to - from) / parts, toIso(from), toIso(to), ...seriesArrays(series)],
  );
  return rows.map(({ absent, ...row }) => ({ ...row, absentMs: absent }));
}

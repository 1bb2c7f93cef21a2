import { type Interval, intervalMs } from "../../../core/interval.ts";
import { SECOND_MS } from "../../../core/time.ts";
import { endOf } from "../interval_sql.ts";
import type { Transaction } from "../connection/database.ts";
import type { SeriesKey } from "../series_postgres.ts";

/** First and last open time of a range, as PostgreSQL reads times. */
export interface OpenTimes {
  readonly from: string;
  readonly to: string;
}

/**
 * Updates the gap ledger from the stored rows of a range and around it: new gaps are pending,
 * filled ones are deleted, changed ones are pending again. One that begins before `HISTORY_SINCE`
 * counts from the first candle that opens at or after it. Writes nothing when nothing changed. The
 * caller holds the series' lock.
 */
export async function followGaps(
  tx: Transaction,
  key: SeriesKey,
  { from, to }: OpenTimes,
): Promise<void> {
  await tx.query(FOLLOW_GAPS(key.interval), [key.symbolId, key.interval, from, to]);
}

const FOLLOW_GAPS = (interval: Interval) => `
  with own as not materialized (
    select open_time from klines where symbol_id = $1 and interval = $2
  ), bounds as (
    -- From the candle before what changed to the one after it, within what is stored.
    select coalesce((select max(open_time) from own where open_time < $3),
        (select min(open_time) from own)) as first,
      coalesce((select min(open_time) from own where open_time > $4),
        (select max(open_time) from own)) as last
  ), setting as materialized (
    select coalesce((select history_since from terms), '-infinity') as since
  ), found as materialized (
    select from_time, to_time, ${wholeBetween(interval, "from_time", "to_time")} as missing
    from (
      select case when end_time < since then ${firstFrom(interval, "since", "end_time")}
        else end_time end as from_time, to_time
      from (
        select ${endOf(interval, "open_time")} as end_time,
          lead(open_time) over (order by open_time) as to_time
        from own, bounds where open_time between first and last
      ) neighbours, setting
    ) wanted
    where ${endOf(interval, "from_time")} <= to_time
  ), filled as (
    delete from gaps using bounds
    where symbol_id = $1 and interval = $2 and from_time < last and to_time > first
      and not exists (select from found where found.from_time = gaps.from_time)
  )
  insert into gaps as g (symbol_id, interval, from_time, to_time, missing, class)
  select $1, $2, from_time, to_time, missing, 'pending' from found
  where not exists (
    select from gaps where symbol_id = $1 and interval = $2
      and gaps.from_time = found.from_time and gaps.to_time = found.to_time
  )
  on conflict (symbol_id, interval, from_time) do update set to_time = excluded.to_time,
    missing = excluded.missing, class = 'pending', evidence = null, checked_at = null`;

/** SQL for the first open time at or after `column`, counted from the earlier `anchor`. */
function firstFrom(interval: Interval, column: string, anchor: string): string {
  if (interval === "1M") {
    return `((date_trunc('month', ${column} at time zone 'UTC' + interval '1 month'
      - interval '1 microsecond')) at time zone 'UTC')`;
  }
  const seconds = intervalMs(interval) / SECOND_MS;
  return `(${anchor} + ceil(extract(epoch from ${column} - ${anchor}) / ${seconds})
    * interval '${seconds} seconds')`;
}

/** SQL for the number of whole candles between two times. */
function wholeBetween(interval: Interval, from: string, to: string): string {
  const months = (column: string) =>
    `(extract(year from ${column} at time zone 'UTC') * 12
      + extract(month from ${column} at time zone 'UTC'))`;
  return interval === "1M"
    ? `(${months(to)} - ${months(from)})::bigint`
    : `floor(extract(epoch from ${to} - ${from}) * 1000 / ${intervalMs(interval)})::bigint`;
}

import { ageOf, freshnessOf } from "../core/freshness.ts";
import type { EpochMs } from "../core/time.ts";
import type { SeriesCoverage } from "../ports.ts";

/** What is held of a series, in the words of `/api/series`. */
export function toSeriesJson(
  { symbol, interval, rows, firstOpenTime, lastOpenTime, holes }: SeriesCoverage,
  serverTime: EpochMs,
) {
  return {
    symbol,
    interval,
    rows,
    first_open_time: firstOpenTime ?? null,
    last_open_time: lastOpenTime ?? null,
    holes,
    freshness: freshnessOf(lastOpenTime, interval, serverTime),
    age_ms: lastOpenTime === undefined ? null : ageOf(lastOpenTime, interval, serverTime),
  };
}
